package io.middleware.gateway.ingress.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMappingTest {
    private static final FileDescriptor LIBRARY = Book.getDescriptor().getFile();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a/{title}     |       |       | no field title in library.v1.GetBookRequest (expected: name)",
                "/a             | title |       | no field title in library.v1.GetBookRequest (expected: name)",
                "/a             |       | pagez | no field pagez in library.v1.Book",
                "/a/{name.x}    |       |       | name.x: name has no fields",
                "a              |       |       | path template a at 0 (expected: /)",
                "''             |       |       | path template  at 0 (expected: /)",
                "/**/a          |       |       | path template /**/a at 5 (expected: ** in the last place only)",
                "/a             | name.x |      | name.x: name has no fields",
                "/a             |       | author.first_name | response_body author.first_name is a path "
                        + "(expected: a field of library.v1.Book itself)"
            })
    void ruleThatDoesNotFitTheMethod_isRefusedWithTheReason(
            String path, String body, String responseBody, String message) throws Exception {
        HttpRule.Builder rule = HttpRule.newBuilder().setGet(path);
        if (body != null) {
            rule.setBody(body);
        }
        if (responseBody != null) {
            rule.setResponseBody(responseBody);
        }
        HttpRule unusable = rule.build();
        Method method = getBookWith(unusable);
        List<String> reasons = new ArrayList<>();

        assertThat(HttpMapping.of(method, new Transcoder(method), reasons::add)).isEmpty();
        assertThat(reasons).singleElement(STRING).startsWith(message);

        Routes withOthers = routes(getBookWith(HttpRule.newBuilder()
                .setGet("/first")
                .addAdditionalBindings(unusable)
                .addAdditionalBindings(HttpRule.newBuilder().setGet("/last"))
                .build()));
        assertThat(withOthers.mappings())
                .map(HttpMapping::toString)
                .containsExactlyInAnyOrder("GET /first", "GET /last");
        assertThat(withOthers.unusable()).singleElement(STRING).startsWith("/library.v1.Library/GetBook: " + message);

        Routes afterIt = routes(getBookWith(unusable.toBuilder()
                .addAdditionalBindings(HttpRule.newBuilder().setGet("/ok"))
                .build()));
        assertThat(afterIt.mappings()).map(HttpMapping::toString).containsExactly("GET /ok");
    }

    @Test
    void bodyInAFieldOfAField_orVerbWithoutAName_isUnusable() throws Exception {
        Routes routes = routes(libraryWith(
                "CreateBook",
                HttpRule.newBuilder()
                        .setPost("/a")
                        .setBody("book.title")
                        .addAdditionalBindings(HttpRule.newBuilder()
                                .setCustom(CustomHttpPattern.newBuilder().setPath("/b")))
                        .build()));

        assertThat(routes.mappings()).isEmpty();
        assertThat(routes.unusable())
                .containsExactly(
                        "/library.v1.Library/CreateBook: body book.title is a path (expected: a field of library.v1.CreateBookRequest itself)",
                        "/library.v1.Library/CreateBook: custom has no kind (expected: an HTTP method, or * for all)");
    }

    @Test
    void customVerb_isTakenAsItIs_andAStarTakesAll() throws Exception {
        Method method = getBookWith(HttpRule.newBuilder()
                .setCustom(CustomHttpPattern.newBuilder().setKind("PURGE").setPath("/purge/{name}"))
                .addAdditionalBindings(HttpRule.newBuilder()
                        .setCustom(CustomHttpPattern.newBuilder().setKind("*").setPath("/any/{name}")))
                .build());
        Routes routes = routes(method);

        assertThat(routes.match("PURGE", "/purge/1", HttpMappingTest::allEqual).variables())
                .isEqualTo(Map.of("name", "1"));
        assertThat(routes.match("LOCK", "/any/1", HttpMappingTest::allEqual)).isNotNull();
        assertThat(routes.match("GET", "/purge/1", HttpMappingTest::allEqual)).isNull();
        assertThat(routes.verbs("/any/1")).containsExactly("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
        assertThat(routes.verbs("/purge/1")).containsExactly("PURGE");
        assertThat(routes.verbs("/elsewhere")).isEmpty();
    }

    private static Routes routes(Method method) {
        return new Routes(Map.of(method.path(), method));
    }

    private static Method getBookWith(HttpRule rule) throws DescriptorValidationException {
        return libraryWith("GetBook", rule);
    }

    /** The method of the tests' proto with another rule. */
    private static Method libraryWith(String method, HttpRule rule) throws DescriptorValidationException {
        FileDescriptorProto.Builder file = LIBRARY.toProto().toBuilder();
        file.getServiceBuilder(0).getMethodBuilderList().stream()
                .filter(one -> one.getName().equals(method))
                .forEach(one -> one.setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule)));
        FileDescriptor built =
                FileDescriptor.buildFrom(file.build(), LIBRARY.getDependencies().toArray(FileDescriptor[]::new));
        return new Method(built.getServices().getFirst().findMethodByName(method), Types.of());
    }

    private static int allEqual(String grpcService) {
        return 0;
    }
}
