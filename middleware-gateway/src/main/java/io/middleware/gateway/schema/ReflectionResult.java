package io.middleware.gateway.schema;

/** What came of asking an instance for its descriptors. */
sealed interface ReflectionResult {
    record Found(DescriptorFiles files) implements ReflectionResult {}

    /** It serves no reflection. */
    record NotOffered() implements ReflectionResult {}

    /**
     * It could not be asked, or did not answer as it should.
     *
     * @param late it may have needed more time
     */
    record Failed(String reason, boolean late) implements ReflectionResult {
        Failed(String reason) {
            this(reason, false);
        }
    }
}
