package io.middleware.gateway.ingress.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {

    @ParameterizedTest
    @CsvSource({
        "/,                         /",
        "/hello,                    /hello",
        "/v1/{name=shelves/*},      /v1/shelves/1",
        "/v1/*/books,               /v1/anything/books",
        "/v1/{name},                /v1/a:b",
        "/v1/{name}:copy,           /v1/a:copy",
        "/v1/books:search,          /v1/books:search",
        "/v1/**,                    /v1",
        "/v1/**,                    /v1/a/b/c",
        "/v1/{path=a/**},           /v1/a"
    })
    void template_matches(String template, String path) {
        assertThat(PathTemplate.parse(template).match(path)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/,                         ''",
        "/,                         //",
        "/,                         /a",
        "/hello,                    /hello/",
        "/hello,                    /hell",
        "/hello,                    /hello/world",
        "/hello,                    /Hello",
        "/v1/{name=shelves/*},      /v1/shelves/",
        "/v1/{name=shelves/*},      /v1/shelves/1/2",
        "/v1/{name=shelves/*},      /v1/shelvesX/1",
        "/v1/{name}:copy,           /v1/a",
        "/v1/{name}:copy,           /v1/:copy",
        "/v1/books:search,          /v1/books",
        "/v1/**,                    /v10",
        "/{name},                   *",
        "/{name},                   ''",
        "/{name=**},                ''",
        "/{name}:copy,              :copy",
        "/v1/{path=a/**},           /v1/b"
    })
    void template_doesNotMatch(String template, String path) {
        assertThat(PathTemplate.parse(template).match(path)).isNull();
    }

    @Test
    void variables_takeTheirSegments() {
        assertThat(PathTemplate.parse("/v1/{shelf.name=shelves/*}/books/{id}:copy")
                        .match("/v1/shelves/7/books/x%20y:copy"))
                .isEqualTo(Map.of("shelf.name", "shelves/7", "id", "x y"));
    }

    @Test
    void slashThatIsEncoded_isDecodedInOneSegmentButKeptInSeveral() {
        assertThat(PathTemplate.parse("/{a}").match("/x%2Fy")).isEqualTo(Map.of("a", "x/y"));
        assertThat(PathTemplate.parse("/{a=**}").match("/x%2Fy/%C3%A3")).isEqualTo(Map.of("a", "x%2Fy/ã"));
        assertThat(PathTemplate.parse("/{a=v/*}").match("/v/x%2fy")).isEqualTo(Map.of("a", "v/x%2fy"));
    }

    @Test
    void valueThatIsNotUtf8_isAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathTemplate.parse("/{a}").match("/%E1"))
                .withMessage("%E1 (expected: percent-encoded UTF-8)");
    }

    @Test
    void moreSpecificTemplate_comesFirst() {
        assertThat(Stream.of(
                                "/v1/**",
                                "/v1/{name}",
                                "/v1/{name}/books",
                                "/v1/books",
                                "/v1/{name}:copy",
                                "/v1/books/*",
                                "/v1/*/x/**",
                                "/v1",
                                "/**",
                                "/")
                        .map(PathTemplate::parse)
                        .sorted()
                        .map(PathTemplate::toString))
                .containsExactly(
                        "/v1/{name}:copy",
                        "/v1/books/*",
                        "/v1/books",
                        "/v1/{name}/books",
                        "/v1/*/x/**",
                        "/v1/{name}",
                        "/v1",
                        "/",
                        "/v1/**",
                        "/**");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello        | path template hello at 0 (expected: /)",
                "//           | path template // at 1 (expected: a literal, * or **)",
                "/a/          | path template /a/ at 3 (expected: a literal, * or **)",
                "/{a          | path template /{a at 3 (expected: })",
                "/{1}         | path template /{1} at 2 (expected: the path of a field)",
                "/{a={b}}     | path template /{a={b}} at 5 (expected: no variable in a variable)",
                "/**/a        | path template /**/a at 5 (expected: ** in the last place only)",
                "/a}          | path template /a} at 2 (expected: :)",
                "/a:b:c       | path template /a:b:c at 4 (expected: the end)"
            })
    void wrongTemplate_isRefusedWithPlaceAndReason(String template, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathTemplate.parse(template))
                .withMessage(message);
    }
}
