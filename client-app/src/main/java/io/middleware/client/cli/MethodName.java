package io.middleware.client.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The full name of a method: its service's, a slash, its own. */
record MethodName(String service, String method) {

    @Override
    public String toString() {
        return service + "/" + method;
    }

    static final class Converter implements ITypeConverter<MethodName> {

        @Override
        public MethodName convert(String text) {
            String name = text.startsWith("/") ? text.substring(1) : text;
            int slash = name.indexOf('/');
            if (slash < 1 || slash == name.length() - 1) {
                throw new TypeConversionException(
                        "expected SERVICE/METHOD, such as hello.v1.HelloService/SayHello, got '" + text + "'");
            }
            return new MethodName(name.substring(0, slash), name.substring(slash + 1));
        }
    }
}
