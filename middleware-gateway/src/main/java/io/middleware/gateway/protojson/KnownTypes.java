package io.middleware.gateway.protojson;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ExtensionRegistry;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The types that a message itself does not describe: those of the content of a {@code google.protobuf.Any}, and
 * extensions.
 */
public interface KnownTypes {

    /** Returns the message type with this full name; null if it is not known. */
    @Nullable
    Descriptor message(String fullName);

    /** Returns the extension with this full name; null if it is not known. */
    @Nullable
    FieldDescriptor extension(String fullName);

    /** Returns all extensions, for parsing. */
    ExtensionRegistry extensions();

    /**
     * Looks up a message type. Completes, on any thread, with whether it is known now, or with an exception, whose
     * message is for a person, when that could not be found out.
     */
    CompletionStage<Boolean> learn(String fullName);
}
