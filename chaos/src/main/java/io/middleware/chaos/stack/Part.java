package io.middleware.chaos.stack;

import java.util.Map;

/**
 * A part of the stack.
 *
 * @param kind  {@code service}, {@code gateway}, {@code nginx}, {@code consul} or {@code database}
 * @param pool  {@code primary} or {@code secondary} of a service, else null
 * @param host  address at which this program reaches its ports
 * @param ports by name
 */
public record Part(String name, String kind, String pool, String host, Map<String, Integer> ports) {}
