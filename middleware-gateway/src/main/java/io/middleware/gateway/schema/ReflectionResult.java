package io.middleware.gateway.schema;

/** The result of a query for the descriptors of an instance. */
sealed interface ReflectionResult {
    record Found(DescriptorFiles files) implements ReflectionResult {}

    /** The instance serves no reflection. */
    record NotOffered() implements ReflectionResult {}

    /**
     * The instance could not be reached, or its response is of no use.
     *
     * @param late with more time it might have responded
     */
    record Failed(String reason, boolean late) implements ReflectionResult {
        Failed(String reason) {
            this(reason, false);
        }
    }
}
