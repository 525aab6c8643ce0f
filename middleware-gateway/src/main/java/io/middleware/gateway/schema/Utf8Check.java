package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FeatureSet.Utf8Validation;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;

/**
 * Makes parsers check that all strings of a file are UTF-8, even if the file turns that off: JSON can hold nothing
 * else.
 */
final class Utf8Check {

    private Utf8Check() {}

    static void turnOn(FileDescriptorProto.Builder file) {
        switch (file.getSyntax()) {
            case "", "proto2" -> file.getOptionsBuilder().setJavaStringCheckUtf8(true);
            case "editions" -> {
                file.getOptionsBuilder().getFeaturesBuilder().setUtf8Validation(Utf8Validation.VERIFY);
                file.getExtensionBuilderList().forEach(Utf8Check::turnOn);
                file.getMessageTypeBuilderList().forEach(Utf8Check::turnOn);
            }
            default -> {}
        }
    }

    private static void turnOn(DescriptorProto.Builder message) {
        message.getFieldBuilderList().forEach(Utf8Check::turnOn);
        message.getExtensionBuilderList().forEach(Utf8Check::turnOn);
        message.getNestedTypeBuilderList().forEach(Utf8Check::turnOn);
    }

    /** Overrides the field's own feature, which would win over the file's. */
    private static void turnOn(FieldDescriptorProto.Builder field) {
        if (field.getOptions().getFeatures().hasUtf8Validation()) {
            field.getOptionsBuilder().getFeaturesBuilder().setUtf8Validation(Utf8Validation.VERIFY);
        }
    }
}
