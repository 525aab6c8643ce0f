package io.middleware.core.outlier;

import io.middleware.core.instance.Instance;

/**
 * The beginning or the end of an instance's ejection.
 *
 * @param out     true at the beginning
 * @param because what attempts or probes found, for people
 */
public record Ejection(Instance instance, boolean out, String because) {}
