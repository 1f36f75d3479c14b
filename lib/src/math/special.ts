/**
 * Special functions with the same bits on every JavaScript engine.
 *
 * `Math.exp`, `Math.log`, `Math.sin` … differ in the last bit between engines for 3 to 10 % of arguments; those of
 * stdlib are built from + − × ÷ and square roots alone. This is the one file of the library that imports them.
 */
export { default as acos } from "@stdlib/math-base-special-acos";
export { default as cos } from "@stdlib/math-base-special-cos";
export { default as erf } from "@stdlib/math-base-special-erf";
export { default as exp } from "@stdlib/math-base-special-exp";
export { default as expm1 } from "@stdlib/math-base-special-expm1";
export { default as gammaln } from "@stdlib/math-base-special-gammaln";
export { default as ln } from "@stdlib/math-base-special-ln";
export { default as log10 } from "@stdlib/math-base-special-log10";
export { default as log1p } from "@stdlib/math-base-special-log1p";
export { default as pow } from "@stdlib/math-base-special-pow";
export { default as sin } from "@stdlib/math-base-special-sin";
export { default as tanh } from "@stdlib/math-base-special-tanh";
