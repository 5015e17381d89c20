"""What OpenCV decodes and resizes, as fixtures of decode-image.spec.ts, resize.spec.ts and resize-policy.spec.ts.

    /usr/bin/python3 tools/oracles/opencv-images.py

Needs Debian's python3-opencv (4.6.0). Writes packages/caffe-io/src/data/image/fixtures: small images, and opencv.json with
the pixels of each, in base64, as imdecode gives them in three modes, and of resized ones, by cv2.resize alone and as
SSD's resize_param asks for it. Nothing in them is third-party:
colours are a smooth pattern. OpenCV cannot write CMYK; cmyk.jpg is c.png through sharp's JPEG writer, and stays as it is.
"""

import base64
import json
import os
import struct
import zlib

import cv2
import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../packages/caffe-io/src/data/image/fixtures")
MODES = {
    "color": cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION,
    "gray": cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION,
    "unchanged": cv2.IMREAD_UNCHANGED,
}
# Sizes [height, width] before and after.
RESIZES = [
    [[7, 5], [7, 5]],
    [[1, 1], [3, 4]],
    [[3, 1], [1, 3]],
    [[8, 8], [4, 4]],
    [[4, 4], [8, 8]],
    [[9, 7], [5, 11]],
    [[5, 11], [9, 7]],
    [[16, 12], [3, 4]],
    [[6, 10], [17, 23]],
    [[13, 21], [12, 20]],
    [[2, 3], [9, 40]],
    [[40, 30], [7, 9]],
]
INTERPOLATIONS = {
    "NEAREST": cv2.INTER_NEAREST,
    "LINEAR": cv2.INTER_LINEAR,
    "CUBIC": cv2.INTER_CUBIC,
    "AREA": cv2.INTER_AREA,
    "LANCZOS4": cv2.INTER_LANCZOS4,
}
BORDERS = {
    "CONSTANT": cv2.BORDER_CONSTANT,
    "MIRRORED": cv2.BORDER_REFLECT_101,
    "REPEAT_NEAREST": cv2.BORDER_REPLICATE,
}
# A size [height, width], and a resize_param for it.
POLICIES = [
    [[9, 14], {"height": 6, "width": 5}],
    [[9, 14], {"height": 6, "width": 5, "resize_mode": "FIT_SMALL_SIZE"}],
    [[14, 9], {"height": 6, "width": 5, "resize_mode": "FIT_SMALL_SIZE", "interp_mode": ["CUBIC"]}],
    [[9, 14], {"height": 11, "width": 12, "resize_mode": "FIT_LARGE_SIZE_AND_PAD", "pad_value": [104, 117.5, 300]}],
    [[14, 9], {"height": 6, "width": 12, "resize_mode": "FIT_LARGE_SIZE_AND_PAD", "pad_value": [7]}],
    [[14, 9], {"height": 8, "width": 8, "resize_mode": "FIT_LARGE_SIZE_AND_PAD"}],
    [[4, 15], {"height": 12, "width": 9, "resize_mode": "FIT_LARGE_SIZE_AND_PAD", "pad_mode": "MIRRORED"}],
    [[15, 4], {"height": 9, "width": 12, "resize_mode": "FIT_LARGE_SIZE_AND_PAD", "pad_mode": "REPEAT_NEAREST",
               "interp_mode": ["AREA"]}],
]


def pattern(height, width, seed=0):
    """Smooth, with strong colours that leave the range of YCbCr."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    wave = np.sin((x + 2 * c + seed) / 3.1) * np.cos((y - 3 * c) / 2.7) + 0.4 * np.sin((x * y + c) / 5)
    return np.clip(127 + 160 * wave, 0, 255).astype(np.uint8)


def noise(height, width, channels):
    i = np.arange(height * width * channels)
    return ((i * 7919 + (i // 7) * 31) % 256).astype(np.uint8).reshape(height, width, channels)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, width, height, depth, color_type, rows, extra=b""):
    head = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [chunk(b"IHDR", head), extra, chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    write(name, b"\x89PNG\r\n\x1a\n" + b"".join(parts))


def write(name, data):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(data)


def save(name, image, *options):
    write(name, cv2.imencode(os.path.splitext(name)[1], image, list(options))[1].tobytes())


def images():
    image = pattern(13, 17)
    save("c.png", image)
    save("g.png", image[:, :, 0])
    save("rgba.png", np.dstack([image, image[:, :, 0]]))
    save("c16.png", image.astype(np.uint16) * 255 + 100)
    save("g16.png", image[:, :, 0].astype(np.uint16) * 255 + 100)
    save("c420.jpg", image, cv2.IMWRITE_JPEG_QUALITY, 90)
    save("progressive.jpg", image, cv2.IMWRITE_JPEG_QUALITY, 70, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    save("g.jpg", image[:, :, 0], cv2.IMWRITE_JPEG_QUALITY, 80)
    save("c.bmp", image)
    save("g.bmp", image[:, :, 0])
    rows = [image[y, :, ::-1].tobytes() for y in range(13)]
    png("gamma.png", 17, 13, 8, 2, rows, chunk(b"gAMA", struct.pack(">I", 45455)))
    png("srgb.png", 17, 13, 8, 2, rows, chunk(b"sRGB", b"\0"))
    png("transparent-color.png", 17, 13, 8, 2, rows, chunk(b"tRNS", struct.pack(">HHH", 127, 127, 127)))
    palette = chunk(b"PLTE", bytes((i * 37) % 256 for i in range(48)))
    indices = [bytes([(y * 16 + 1) & 255, 0x23, 0x40]) for y in range(4)]
    png("palette.png", 5, 4, 4, 3, indices, palette)
    png("palette-alpha.png", 5, 4, 4, 3, indices, palette + chunk(b"tRNS", bytes(range(10, 26))))
    png("gray-1-bit.png", 9, 4, 1, 0, [bytes([0xA5 ^ y, 0x80]) for y in range(4)])
    png("gray-2-bit.png", 5, 4, 2, 0, [bytes([0x1B ^ y, 0x80]) for y in range(4)])
    png("gray-alpha.png", 5, 4, 8, 4, [bytes((31 * i + 7 * y) % 256 for i in range(10)) for y in range(4)])
    png("gray-transparent.png", 5, 4, 8, 0, [bytes(y * 10 + x for x in range(5)) for y in range(4)], chunk(b"tRNS", b"\0\x0b"))
    with open(os.path.join(FOLDER, "c420.jpg"), "rb") as file:
        jpeg = file.read()
    # Orientation 6: to be turned by 90 degrees.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    write("exif.jpg", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    # Without JFIF and with Adobe's transform 0, the components are R, G, B.
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
    write("rgb.jpg", jpeg[:2] + adobe + jpeg[4 + struct.unpack(">H", jpeg[4:6])[0] :])
    with open(os.path.join(FOLDER, "cmyk.jpg"), "rb") as file:
        cmyk = file.read()
    at = cmyk.index(b"\xff\xee\0\x0eAdobe")
    write("cmyk-no-adobe.jpg", cmyk[:at] + cmyk[at + 16 :])


def apply_resize(image, param):
    """What SSD's resize_param does, by OpenCV's functions."""
    interpolation = INTERPOLATIONS[param.get("interp_mode", ["LINEAR"])[0]]
    mode, height, width = param.get("resize_mode", "WARP"), param["height"], param["width"]
    aspect = np.float32(image.shape[1]) / np.float32(image.shape[0])
    fits_width = aspect > np.float32(width) / np.float32(height)
    size = (width, height)
    if mode != "WARP":
        by_width = fits_width if mode == "FIT_LARGE_SIZE_AND_PAD" else not fits_width
        size = (width, int(np.float32(width) / aspect)) if by_width else (int(aspect * np.float32(height)), height)
    resized = cv2.resize(image, size, interpolation=interpolation)
    if mode != "FIT_LARGE_SIZE_AND_PAD":
        return resized
    rows, columns = height - size[1], width - size[0]
    values = param.get("pad_value", [0])
    return cv2.copyMakeBorder(
        resized, rows // 2, rows - rows // 2, columns // 2, columns - columns // 2,
        BORDERS[param.get("pad_mode", "CONSTANT")], value=values * 3 if len(values) == 1 else values,
    )


def base64_of(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    os.makedirs(FOLDER, exist_ok=True)
    images()
    decoded = {}
    for name in sorted(os.listdir(FOLDER)):
        if name.endswith((".json", ".md")):
            continue
        with open(os.path.join(FOLDER, name), "rb") as file:
            data = np.frombuffer(file.read(), np.uint8)
        decoded[name] = {}
        for mode, flags in MODES.items():
            image = cv2.imdecode(data, flags)
            if image.dtype == np.uint8:
                shape = list(image.shape) + [1] * (3 - image.ndim)
                decoded[name][mode] = {"shape": shape, "pixels": base64_of(image)}
    resized = []
    for size, new_size in RESIZES:
        for channels in (1, 3):
            for name, interpolation in INTERPOLATIONS.items():
                image = cv2.resize(noise(*size, channels), (new_size[1], new_size[0]), interpolation=interpolation)
                resized.append(
                    {"size": size, "channels": channels, "newSize": new_size, "interpolation": name, "pixels": base64_of(image)}
                )
    policies = []
    for size, param in POLICIES:
        image = apply_resize(noise(*size, 3), param)
        policies.append({"size": size, "param": param, "newSize": list(image.shape[:2]), "pixels": base64_of(image)})
    with open(os.path.join(FOLDER, "opencv.json"), "w") as file:
        json.dump({"version": cv2.__version__, "decoded": decoded, "resized": resized, "policies": policies}, file, indent=1)
        file.write("\n")


main()
