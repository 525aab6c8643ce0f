package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each limit of docs/limits.md has a setting that exists, or says that it is a constant, and a test that exists. */
class LimitsTest {
    private static final Document PAGE = Document.read("docs/limits.md");

    private static Stream<List<String>> rows() {
        return Stream.of("## At a gateway, from callers", "## At a gateway, from servers", "## At Nginx")
                .flatMap(heading -> PAGE.rows(heading, "what").stream());
    }

    @Test
    void eachLimit_isHeldByATest() {
        assertThat(rows())
                .hasSizeGreaterThan(35)
                .allSatisfy(row -> assertThat(TestMethods.exists(row.get(4)))
                        .as(row.get(4))
                        .isTrue());
    }

    @Test
    void eachSetting_isThere() {
        Document operations = Document.readAll("docs/operations");
        List<String> gateway = operations.rows("# Settings of a gateway", "setting").stream()
                .map(List::getFirst)
                .toList();
        List<String> library = Document.read("middleware-gateway/src/main/resources/application.yaml")
                .lines();
        List<String> nginx = Document.read("nginx/nginx.conf.template").lines();

        assertThat(rows()).allSatisfy(row -> {
            String setting = row.get(2);
            if (setting.startsWith("middleware.")) {
                assertThat(gateway).contains(setting);
            } else if (setting.startsWith("server.")) {
                String key = setting.substring(setting.lastIndexOf('.') + 1);
                assertThat(library).as(setting).anyMatch(line -> line.strip().startsWith(key + ":"));
            } else if (!setting.equals("constant")) {
                assertThat(nginx).as(setting).anyMatch(line -> line.strip().equals(setting + ";"));
            }
        });
    }
}
