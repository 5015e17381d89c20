;; The inner loops of value-statistics.ts. `npm run generate` assembles it into src/generated/value-statistics-wasm.ts.
(module
  (import "host" "memory" (memory 6))

  ;; Takes the values from address $value up to $end, a whole number of vectors, into the four least at address 0 and the
  ;; four greatest at address 16.
  (func (export "extremes") (param $value i32) (param $end i32)
    (local $x v128)
    (local $least v128)
    (local $greatest v128)
    (local.set $least (v128.load (i32.const 0)))
    (local.set $greatest (v128.load (i32.const 16)))
    (loop $values
      (local.set $x (v128.load (local.get $value)))
      (local.set $least (f32x4.pmin (local.get $least) (local.get $x)))
      (local.set $greatest (f32x4.pmax (local.get $greatest) (local.get $x)))
      (local.set $value (i32.add (local.get $value) (i32.const 16)))
      (br_if $values (i32.lt_u (local.get $value) (local.get $end))))
    (v128.store (i32.const 0) (local.get $least))
    (v128.store (i32.const 16) (local.get $greatest)))

  ;; Counts the values from address $value up to $end, one at least, by bin trunc((x - $least) * $perUnit), the last of which is
  ;; $last. Neighbouring values count in tables of their own, of 256 bytes each from address $tables on, so that none waits for
  ;; the one before it.
  (func (export "count")
    (param $value i32) (param $end i32) (param $least f64) (param $perUnit f64) (param $last i32) (param $tables i32)
    (local $bin i32)
    (local $place i32)
    (loop $values
      (local.set $bin
        (i32.trunc_sat_f64_s
          (f64.mul
            (f64.sub (f64.promote_f32 (f32.load (local.get $value))) (local.get $least))
            (local.get $perUnit))))
      (local.set $bin
        (select (local.get $bin) (local.get $last) (i32.lt_u (local.get $bin) (local.get $last))))
      (local.set $place
        (i32.add
          (i32.add
            (local.get $tables)
            (i32.shl (i32.and (local.get $value) (i32.const 12)) (i32.const 6)))
          (i32.shl (local.get $bin) (i32.const 2))))
      (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (i32.const 1)))
      (local.set $value (i32.add (local.get $value) (i32.const 4)))
      (br_if $values (i32.lt_u (local.get $value) (local.get $end)))))

  ;; Of the values from address $value up to $end, a whole number of pairs, adds (q(x) - x)^2 to the float64 at address 0 and x^2
  ;; to that at address 8, one value after the other: q(x) is x on the grid of step $scale from $low to $high steps, the nearest,
  ;; halves to even.
  (func (export "addNoise") (param $value i32) (param $end i32) (param $scale f64) (param $low f64) (param $high f64)
    (local $x v128)
    (local $difference v128)
    (local $sums v128)
    (local $scales v128)
    (local $lows v128)
    (local $highs v128)
    (local.set $sums (v128.load (i32.const 0)))
    (local.set $scales (f64x2.splat (local.get $scale)))
    (local.set $lows (f64x2.splat (local.get $low)))
    (local.set $highs (f64x2.splat (local.get $high)))
    (loop $values
      (local.set $x (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $value))))
      (local.set $difference
        (f64x2.sub
          (f64x2.mul
            (f64x2.pmin
              (f64x2.pmax
                (f64x2.nearest (f64x2.div (local.get $x) (local.get $scales)))
                (local.get $lows))
              (local.get $highs))
            (local.get $scales))
          (local.get $x)))
      (local.set $difference (f64x2.mul (local.get $difference) (local.get $difference)))
      (local.set $x (f64x2.mul (local.get $x) (local.get $x)))
      (local.set $sums
        (f64x2.add
          (local.get $sums)
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $difference) (local.get $x))))
      (local.set $sums
        (f64x2.add
          (local.get $sums)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $difference) (local.get $x))))
      (local.set $value (i32.add (local.get $value) (i32.const 8)))
      (br_if $values (i32.lt_u (local.get $value) (local.get $end))))
    (v128.store (i32.const 0) (local.get $sums))))
