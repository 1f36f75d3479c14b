/**
 * Factor by which deltas grow per layer on their way back through a wide random net of ReLU layers with batch
 * normalisation and no skip connections, for large batches: √(π / (π − 1)) ≈ 1.211.
 * @see Yang et al. 2019, arXiv:1902.08129
 */
export const batchNormExplosion = Math.sqrt(Math.PI / (Math.PI - 1));
