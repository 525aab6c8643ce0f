package io.middleware.core.outlier;

import io.middleware.core.instance.Instance;

/**
 * An instance was taken out of the choice, or is back in it.
 *
 * @param out     taken out
 * @param because what attempts or probes saw
 */
public record Ejection(Instance instance, boolean out, String because) {}
