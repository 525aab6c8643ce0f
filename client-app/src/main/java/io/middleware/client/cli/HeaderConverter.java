package io.middleware.client.cli;

import io.grpc.Metadata;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code name:value}. */
final class HeaderConverter implements ITypeConverter<Header> {

    private static final Pattern HEADER = Pattern.compile("([0-9A-Za-z_.-]+):\\s*([\\x20-\\x7e]*)");

    @Override
    public Header convert(String text) {
        Matcher header = HEADER.matcher(text);
        if (!header.matches()) {
            throw new TypeConversionException("expected name:value in ASCII, such as x-user:ana, got '" + text + "'");
        }
        String name = header.group(1);
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            throw new TypeConversionException("expected a header of text, but " + name + " is binary by its name");
        }
        return new Header(
                Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER),
                header.group(2).strip());
    }
}
