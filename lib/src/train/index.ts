export { breathe, Interrupted } from "./breathe";
export { type Loss, softmaxCrossEntropy } from "./loss";
