module.exports = { ...require("@tensorflow/tfjs"), isShim: true };
