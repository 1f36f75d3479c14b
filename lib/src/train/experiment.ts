import type { tf } from "@deepen/engine";
import { type DataParts, type DataSpec, loadData } from "../data/dataSpec";
import type { Examples } from "../data/examples";
import { childSeed } from "../math/rng";
import { makeModel, type ModelSpec } from "../nn/modelSpec";
import { evaluate } from "./evaluate";
import { fit, type FitOptions } from "./fit";
import type { History, Score } from "./history";
import { type Measured, measureOf } from "./measure";
import type { OptimizerSpec } from "./optimizer";

/** How an experiment trains, as plain data: what {@link fit} takes. */
export interface TrainSpec extends Pick<
  FitOptions,
  "steps" | "epochs" | "batchSize" | "schedule" | "clipNorm" | "augment" | "earlyStopping"
> {
  /** The way to take steps. */
  readonly optimizer: OptimizerSpec;
  /**
   * Steps between scores: on the validation examples with early stopping, else on the test examples. Default: no scores
   * but the last, or every 10 steps with early stopping.
   */
  readonly every?: number;
}

/** One training run, as plain data: with the same specification it gives the same numbers everywhere. */
export interface ExperimentSpec {
  /** What it learns from and is tested on. */
  readonly data: DataSpec;
  /** What learns. */
  readonly model: ModelSpec;
  /** How it learns. */
  readonly train: TrainSpec;
  /** Decides which examples, which first weights, and the order of the batches. */
  readonly seed: number;
  /** Names of what else is measured; see {@link registerMeasure}. */
  readonly measures?: readonly string[];
}

/** A number for each part of the data. */
export interface ByPart {
  /** Of the training examples. */
  readonly train: number;
  /** Of the validation examples, where the specification asks for them or the set brings them. */
  readonly validation?: number;
  /** Of the test examples. */
  readonly test: number;
}

/** Mean scores of a stretch of the training. */
export interface CurvePoint extends Score {
  /** The last step of the stretch, from 1. */
  readonly step: number;
}

/** What a training run gave, as plain data. */
export interface ExperimentResult {
  /** What was run. */
  readonly spec: ExperimentSpec;
  /** Weights that were trained. */
  readonly parameters: number;
  /** Mean cross-entropy at the end, in nats. */
  readonly loss: ByPart;
  /** Fraction (0 to 1) that is classified rightly at the end. */
  readonly accuracy: ByPart;
  /** Means of the batches' scores over at most 20 stretches of the training. */
  readonly curve: readonly CurvePoint[];
  /** Scores on the way, where `train.every` or early stopping asked for them. */
  readonly scores: History["validation"];
  /** What else was measured, by name. */
  readonly measures: Readonly<Record<string, Measured>>;
}

/**
 * Trains and scores one net as its specification says. Leaves no tensor behind.
 * @throws RangeError if the specification is not valid
 * @throws Interrupted if the reader asks to stop
 */
export async function experiment(spec: ExperimentSpec): Promise<ExperimentResult> {
  const data = await loadData(spec.data, spec.seed);
  const { shape, classes } = data.train;
  const model = makeModel(spec.model, { shape, classes, seed: childSeed(spec.seed, "model") });
  try {
    const before = await measureAll(spec, "before", model, data);
    const history = await fit(model, data.train, fitOptions(spec, data));
    const scores: Record<string, Score> = {};
    for (const [part, examples] of Object.entries(data)) scores[part] = await evaluate(model, examples as Examples);
    const after = await measureAll(spec, "after", model, data);
    return {
      spec,
      parameters: model.trainableWeights.reduce((sum, weight) => sum + weight.read().size, 0),
      loss: byPart(scores, "loss"),
      accuracy: byPart(scores, "accuracy"),
      curve: curveOf(history),
      scores: history.validation,
      measures: { ...before, ...after },
    };
  } finally {
    model.dispose();
  }
}

function byPart(scores: Readonly<Record<string, Score>>, kind: keyof Score): ByPart {
  return Object.fromEntries(Object.entries(scores).map(([part, score]) => [part, score[kind]])) as unknown as ByPart;
}

function fitOptions({ train, seed }: ExperimentSpec, data: DataParts): FitOptions {
  const stopsEarly = train.earlyStopping !== undefined;
  const scored = stopsEarly ? data.validation : train.every === undefined ? undefined : data.test;
  return { ...train, seed: childSeed(seed, "fit"), ...(scored === undefined ? {} : { validation: scored }) };
}

async function measureAll(
  { measures = [], seed }: ExperimentSpec,
  when: "before" | "after",
  model: tf.LayersModel,
  data: DataParts,
): Promise<Record<string, Measured>> {
  const taken: Record<string, Measured> = {};
  for (const name of measures) {
    const measure = measureOf(name);
    if (measure.when === when) taken[name] = await measure.take(model, data, childSeed(seed, `measure/${name}`));
  }
  return taken;
}

const stretches = 20;

function curveOf({ loss, accuracy }: History): ExperimentResult["curve"] {
  const count = Math.min(stretches, loss.length);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [index, index + 1].map((part) => Math.round((part * loss.length) / count));
    const mean = (values: readonly number[]): number =>
      values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
    return { step: to, loss: mean(loss), accuracy: mean(accuracy) };
  });
}
