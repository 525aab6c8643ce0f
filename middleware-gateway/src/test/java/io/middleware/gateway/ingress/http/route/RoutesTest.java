package io.middleware.gateway.ingress.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of several mappings gets a request. */
class RoutesTest {
    private static final FileDescriptor LIBRARY = Book.getDescriptor().getFile();

    private final Map<String, Method> methods = new HashMap<>();

    @ParameterizedTest
    @CsvSource({"0, 0, a.Books", "1, 0, b.Books", "0, 1, a.Books", "5, 4, b.Books", "3, 3, a.Books"})
    void pathOfTwoServices_isTheOneOfTheLowerRank_thenOfTheFirstByName(int rankOfA, int rankOfB, String winner)
            throws Exception {
        add("a", "Get", get("/books/{name}"));
        add("b", "Get", get("/books/{title}"));
        Routes routes = new Routes(methods);
        Map<String, Integer> ranks = Map.of("a.Books", rankOfA, "b.Books", rankOfB);

        Routes.Match match = routes.match("GET", "/books/1", ranks::get);

        assertThat(match.mapping().method().grpcService()).isEqualTo(winner);
        assertThat(match.variables()).isEqualTo(Map.of(winner.equals("a.Books") ? "name" : "title", "1"));
        assertThat(routes.match("HEAD", "/books/1", ranks::get)
                        .mapping()
                        .method()
                        .grpcService())
                .isEqualTo(winner);
    }

    @Test
    void moreSpecificPath_isNotLeftForAnotherServices() throws Exception {
        add("a", "Get", get("/books/first"));
        add("b", "Get", get("/books/{name}"));

        assertThat(winner("GET", "/books/first", "a.Books")).isEqualTo("/a.Books/Get");
        assertThat(winner("GET", "/books/second", "b.Books")).isEqualTo("/b.Books/Get");
    }

    /** Each order of names: the names must not decide. */
    @ParameterizedTest
    @CsvSource({"A, B, C", "C, B, A", "B, C, A", "B, A, C"})
    void verbThatARuleNames_winsOverOneThatTakesOthersToo(String star, String get, String head) throws Exception {
        add("a", star, custom("*", "/books/{name}"));
        add("a", get, get("/books/{title}"));
        add("a", head, custom("HEAD", "/books/{name}"));

        assertThat(winner("GET", "/books/1", "")).isEqualTo("/a.Books/" + get);
        assertThat(winner("HEAD", "/books/1", "")).isEqualTo("/a.Books/" + head);
        assertThat(winner("PUT", "/books/1", "")).isEqualTo("/a.Books/" + star);
        assertThat(new Routes(methods).verbs("/books/1"))
                .containsExactlyInAnyOrder("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    }

    @Test
    void collectionBeforeEverythingBelowIt() throws Exception {
        add("a", "All", get("/books/**"));
        add("a", "List", get("/books"));
        add("a", "Root", get("/"));

        assertThat(winner("GET", "/books", "")).isEqualTo("/a.Books/List");
        assertThat(winner("GET", "/books/1", "")).isEqualTo("/a.Books/All");
        assertThat(winner("GET", "/", "")).isEqualTo("/a.Books/Root");
    }

    /** {@code worst}: the gRPC service that has the worst rank. */
    private String winner(String verb, String path, String worst) {
        return new Routes(methods)
                .match(verb, path, grpcService -> grpcService.equals(worst) ? 1 : 0)
                .mapping()
                .method()
                .path();
    }

    private static HttpRule get(String path) {
        return HttpRule.newBuilder().setGet(path).build();
    }

    private static HttpRule custom(String kind, String path) {
        return HttpRule.newBuilder()
                .setCustom(CustomHttpPattern.newBuilder().setKind(kind).setPath(path))
                .build();
    }

    private void add(String grpcPackage, String name, HttpRule rule) throws DescriptorValidationException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("books.proto")
                .setPackage(grpcPackage)
                .addDependency(LIBRARY.getName());
        file.addServiceBuilder()
                .setName("Books")
                .addMethod(MethodDescriptorProto.newBuilder()
                        .setName(name)
                        .setInputType(".library.v1.Book")
                        .setOutputType(".library.v1.Book")
                        .setOptions(MethodOptions.newBuilder().setExtension(AnnotationsProto.http, rule)));
        Method method = new Method(
                FileDescriptor.buildFrom(file.build(), new FileDescriptor[] {LIBRARY})
                        .getServices()
                        .getFirst()
                        .getMethods()
                        .getFirst(),
                Types.of());
        methods.put(method.path(), method);
    }
}
