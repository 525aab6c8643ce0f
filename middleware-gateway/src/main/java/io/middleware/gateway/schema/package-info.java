/**
 * The descriptors of the services, which the instances send by server reflection. JSON calls need them, and retries:
 * they say which methods are idempotent.
 *
 * <p>Begin with {@code SchemaWatch}, which has an {@code InstanceSchema} for each instance and publishes the merged
 * {@code Schema}. A {@code ReflectionClient} queries an instance: {@code ReflectionQuery} is the protocol,
 * {@code ReflectionStream} the stream and {@code FileCollector} what is still missing. {@code FileBuilder} builds
 * descriptors from the files; {@code Descriptions} merges them.
 */
@NullMarked
package io.middleware.gateway.schema;

import org.jspecify.annotations.NullMarked;
