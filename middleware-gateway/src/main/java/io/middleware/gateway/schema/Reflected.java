package io.middleware.gateway.schema;

/** What came of asking an instance for its descriptors. */
sealed interface Reflected {
    record Found(DescriptorFiles files) implements Reflected { }

    /** It serves no reflection. */
    record NotOffered() implements Reflected { }

    /** It could not be asked, or did not answer as it should. */
    record Failed(String reason) implements Reflected { }
}
