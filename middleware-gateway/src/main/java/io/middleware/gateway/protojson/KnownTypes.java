package io.middleware.gateway.protojson;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.util.concurrent.CompletionStage;

/** Holds what a message does not say of itself: the types of what is in a {@code google.protobuf.Any}, and extensions. */
public interface KnownTypes {

    /** Returns the message type with this full name; null if it is not known. */
    Descriptor message(String fullName);

    /** Returns the extension with this full name; null if it is not known. */
    FieldDescriptor extension(String fullName);

    /** Returns all extensions, for parsing. */
    ExtensionRegistry extensions();

    /**
     * Tries to come to know a message type. The result, whether it is known then, may come on any thread; it is exceptional, with a
     * reason in words, where that could not be found out.
     */
    CompletionStage<Boolean> learn(String fullName);
}
