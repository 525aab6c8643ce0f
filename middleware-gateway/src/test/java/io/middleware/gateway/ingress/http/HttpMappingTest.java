package io.middleware.gateway.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;

import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;

class HttpMappingTest {
    private static final FileDescriptor LIBRARY = Book.getDescriptor().getFile();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/a/{title}     |       |       | no field title in library.v1.GetBookRequest (expected: name)",
        "/a             | title |       | no field title in library.v1.GetBookRequest (expected: name)",
        "/a             |       | pagez | no field pagez in library.v1.Book",
        "/a/{name.x}    |       |       | name.x: name has no fields",
        "a              |       |       | path template a at 0 (expected: /)"})
    void ruleThatDoesNotFitTheMethod_isToldWhatIsWrong(String path, String body, String responseBody, String message)
            throws Exception {
        HttpRule.Builder rule = HttpRule.newBuilder().setGet(path);
        if (body != null) {
            rule.setBody(body);
        }
        if (responseBody != null) {
            rule.setResponseBody(responseBody);
        }
        Method method = getBookWith(rule.build());

        assertThatIllegalArgumentException().isThrownBy(() -> HttpMapping.of(method, new Transcoder(method)))
                .withMessageStartingWith(message);
        assertThat(new Routes(Map.of(method.path(), method)).mappings()).isEmpty();
    }

    @Test
    void customVerb_isTakenAsItIs_andAStarTakesAll() throws Exception {
        Method method = getBookWith(HttpRule.newBuilder()
                .setCustom(CustomHttpPattern.newBuilder().setKind("PURGE").setPath("/purge/{name}"))
                .addAdditionalBindings(HttpRule.newBuilder()
                        .setCustom(CustomHttpPattern.newBuilder().setKind("*").setPath("/any/{name}"))).build());
        Routes routes = new Routes(Map.of(method.path(), method));

        assertThat(routes.match("PURGE", "/purge/1").variables()).isEqualTo(Map.of("name", "1"));
        assertThat(routes.match("LOCK", "/any/1")).isNotNull();
        assertThat(routes.match("GET", "/purge/1")).isNull();
        assertThat(routes.verbs("/purge/1")).containsExactly("PURGE");
        assertThat(routes.verbs("/elsewhere")).isEmpty();
    }

    /** The method of the tests' proto with another rule. */
    private static Method getBookWith(HttpRule rule) throws DescriptorValidationException {
        FileDescriptorProto.Builder file = LIBRARY.toProto().toBuilder();
        file.getServiceBuilder(0).getMethodBuilder(0)
                .setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule));
        FileDescriptor built = FileDescriptor.buildFrom(file.build(),
                LIBRARY.getDependencies().toArray(FileDescriptor[]::new));
        return new Method(built.getServices().getFirst().getMethods().getFirst(), Types.of());
    }
}
