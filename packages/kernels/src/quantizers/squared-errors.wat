;; The inner loop of squared-errors.ts. `npm run generate` assembles it into src/generated/squared-errors-wasm.ts.
;;
;; float32 operations round one by one, as C's do, four ranges at a time. A group is four vectors in memory: the lower
;; bounds of four ranges, their upper bounds, their steps (scale), and the sums of their errors so far.
(module
  (import "host" "memory" (memory 5 5 shared))

  ;; Adds the errors of the values from address $value up to $end, one at least, to the sums of the groups, one at least,
  ;; from address $first up to $groups. Zeros are left out: zero is on every grid that holds it, and adds nothing.
  (func (export "addErrors") (param $value i32) (param $end i32) (param $first i32) (param $groups i32)
    (local $group i32)
    (local $x v128)
    (local $position v128)
    (local $difference v128)
    (loop $values
      (if (f32.ne (f32.load (local.get $value)) (f32.const 0)) (then
        (local.set $x (v128.load32_splat (local.get $value)))
        (local.set $group (local.get $first))
        (loop $ranges
          ;; position = clip(x) / scale
          (local.set $position
            (f32x4.div
              (f32x4.pmin
                (f32x4.pmax (local.get $x) (v128.load offset=0 (local.get $group)))
                (v128.load offset=16 (local.get $group)))
              (v128.load offset=32 (local.get $group))))
          ;; steps = trunc(position + the float32 below 0.5, with the position's sign): halves, whose sum is a tie, go to the
          ;; even number above, and nothing below a half reaches it; difference = steps * scale - x
          (local.set $difference
            (f32x4.sub
              (f32x4.mul
                (f32x4.trunc
                  (f32x4.add
                    (local.get $position)
                    (v128.or
                      (v128.and (local.get $position) (v128.const f32x4 -0 -0 -0 -0))
                      (v128.const f32x4 0x1.fffffep-2 0x1.fffffep-2 0x1.fffffep-2 0x1.fffffep-2))))
                (v128.load offset=32 (local.get $group)))
              (local.get $x)))
          ;; sum += difference ** 2
          (v128.store offset=48
            (local.get $group)
            (f32x4.add
              (f32x4.mul (local.get $difference) (local.get $difference))
              (v128.load offset=48 (local.get $group))))
          (local.set $group (i32.add (local.get $group) (i32.const 64)))
          (br_if $ranges (i32.lt_u (local.get $group) (local.get $groups))))))
      (local.set $value (i32.add (local.get $value) (i32.const 4)))
      (br_if $values (i32.lt_u (local.get $value) (local.get $end))))))
