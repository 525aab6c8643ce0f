package io.middleware.core;

/**
 * An instance was taken out of the choice, or is back in it.
 *
 * @param out     taken out
 * @param because what attempts or probes saw
 */
public record Ejection(Instance instance, boolean out, String because) {}
