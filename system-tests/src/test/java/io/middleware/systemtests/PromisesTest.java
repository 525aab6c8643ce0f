package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise of docs/security.md names the tests that hold it, which exist. */
class PromisesTest {

    @Test
    void eachPromise_isHeldByTests() {
        List<List<String>> promises = Document.read("docs/security.md").rows("## What is promised", "promise");

        assertThat(promises).hasSizeGreaterThan(15).allSatisfy(promise -> {
            assertThat(promise).as("a promise and its tests").hasSize(2);
            assertThat(Stream.of(promise.get(1).split(", ")))
                    .as(promise.getFirst())
                    .allMatch(TestMethods::exists);
        });
    }
}
