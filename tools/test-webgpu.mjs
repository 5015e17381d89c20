/**
 * The tests that need a WebGPU adapter: `npm run test:webgpu [-- arguments of jest]`. Where there is none they fail, while the
 * main suite leaves them out and says so. Where the environment names no Vulkan driver, SwiftShader is taken if it is
 * installed, the software one of Chromium (Debian: chromium-common and libvulkan1).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Chromium's packages have the description of SwiftShader for Vulkan's loader. */
const SWIFTSHADER = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

/** The variables by which Vulkan's loader is told of drivers; the second is the older name. */
const VARIABLES = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'];

/** Milliseconds of one test: a software adapter may take minutes over what a card does in a second. */
const LIMIT = ['--testTimeout=1800000'];

const specs = readdirSync('packages', { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[^/\\]+[/\\]src[/\\].*\.spec\.ts$/.test(file))
  .map((file) => join('packages', file))
  .filter((file) => /hasWebgpuAdapter|want of a WebGPU adapter/.test(readFileSync(file, 'utf8')));
const driver = SWIFTSHADER.find((path) => existsSync(path));
const isNamed = VARIABLES.some((name) => process.env[name]);
const env = {
  ...process.env,
  CAFFE_QUANT_NEEDS_WEBGPU: '1',
  ...(driver && !isNamed && { VK_ICD_FILENAMES: driver }),
};
const vulkan = VARIABLES.flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : []));
console.log(`WebGPU by ${vulkan.join(' ') || "Vulkan's own choice of a driver"}`);
const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const { status } = spawnSync(process.execPath, [jest, ...LIMIT, ...specs, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
process.exitCode = status ?? 1;
