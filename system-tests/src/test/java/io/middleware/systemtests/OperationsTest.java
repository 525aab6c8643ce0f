package io.middleware.systemtests;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of docs/operations name each setting, with the value that it has in the code. */
class OperationsTest {
    private static final String LIBRARY = "setting of a library";
    private static final Pattern METADATA_PROPERTY = Pattern.compile(
            "\"name\": \"((?:middleware|hello)\\.[^\"]+)\",\\s+\"type\"[^}]*?(?:\"defaultValue\": \"?([^\",}\\n]*)\"?\\s*)?}");

    private final Document operations = Document.readAll("docs/operations");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "## A server: middleware-starter    | middleware-starter",
                "## The demo: hello-service         | hello-service",
                "# Settings of a gateway            | middleware-gateway"
            })
    void everySettingOfAModule_isListed(String heading, String module) throws IOException {
        Map<String, String> settings = settings(module);

        Map<String, String> listed =
                operations.rows(heading, "setting").stream().collect(toMap(row -> row.get(0), row -> row.get(2)));

        assertThat(listed).containsOnlyKeys(settings.keySet());
        assertThat(listed).allSatisfy((name, value) -> {
            if (!settings.get(name).isEmpty()) {
                assertThat(value).isEqualTo(settings.get(name));
            }
        });
    }

    /** As the compiler wrote them down, with their defaults; empty for what has none that is fixed. */
    private static Map<String, String> settings(String module) throws IOException {
        String metadata = Files.readString(
                Repository.root().resolve(module + "/target/classes/META-INF/spring-configuration-metadata.json"));
        Map<String, String> settings = METADATA_PROPERTY
                .matcher(metadata.substring(metadata.indexOf("\"properties\"")))
                .results()
                .collect(toMap(found -> found.group(1), OperationsTest::defaultValue));
        assertThat(settings).as("settings of " + module).isNotEmpty();
        return settings;
    }

    private static String defaultValue(MatchResult property) {
        return property.group(2) == null ? "" : property.group(2).strip().replace("\\/", "/");
    }

    @Test
    void whatTheStarterSetsOfLibraries_isSo() throws IOException {
        Properties defaults = new Properties();
        try (Reader file = Files.newBufferedReader(Repository.root()
                .resolve("middleware-starter/src/main/resources/io/middleware/starter/instance-defaults.properties"))) {
            defaults.load(file);
        }
        Map<String, String> listed = quoted("## A server: middleware-starter");

        assertThat(listed)
                .hasSizeGreaterThan(5)
                .allSatisfy((name, value) -> assertThat(value).as(name).isEqualTo(defaults.getProperty(name)));
    }

    /** Settings of libraries that are listed with a value of ours, which is the one that is written as code. */
    private Map<String, String> quoted(String heading) {
        return operations.prose().stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .map(Pattern.compile("\\| `([a-z.-]+)` \\|[^|]*\\| `([^`]*)` \\|.*")::matcher)
                .filter(row -> row.matches() && row.group(1).startsWith("spring."))
                .collect(toMap(row -> row.group(1), row -> row.group(2)));
    }

    @Test
    void whatTheGatewaySetsOfLibraries_isSo() {
        List<String> yaml = Document.read("middleware-gateway/src/main/resources/application.yaml")
                .lines();

        List<List<String>> listed = operations.rows("# Settings of a gateway", LIBRARY).stream()
                .filter(row -> !row.get(0).equals("server.address"))
                .toList();

        assertThat(listed).hasSizeGreaterThan(3).allSatisfy(row -> {
            String key = row.get(0).substring(row.get(0).lastIndexOf('.') + 1);
            assertThat(yaml).as(row.get(0)).anyMatch(line -> line.strip().equals(key + ": " + row.get(2)));
        });
    }

    @Test
    void directivesOfNginx_areSo() {
        List<String> template = Document.read("nginx/nginx.conf.template").lines();

        assertThat(operations.rows("## Nginx", "directive"))
                .hasSizeGreaterThan(10)
                .allSatisfy(row ->
                        assertThat(template).anyMatch(line -> line.strip().equals(row.get(0) + ";")));
    }

    @Test
    void keysOfConsul_areSo() {
        List<String> server = Document.read("consul/server.hcl").lines().stream()
                .map(line -> line.strip().replaceAll(" +=", " ="))
                .toList();

        assertThat(operations.rows("## Consul", "key"))
                .hasSizeGreaterThan(4)
                .allSatisfy(row -> assertThat(server).contains(row.get(0)));
    }

    @Test
    void everyVariableOfCompose_isTold() {
        List<String> compose = Document.read("docker-compose.yml").lines().stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        Map<String, String> listed =
                operations.rows("## Compose", "variable").stream().collect(toMap(row -> row.get(0), row -> row.get(1)));

        assertThat(listed.keySet())
                .containsAll(Stream.concat(
                                Document.found(Pattern.compile("\\$\\{([A-Z_]+)"), compose),
                                Document.found(Pattern.compile("^\\s+([A-Z_]+):$"), compose))
                        .collect(Collectors.toSet()));
        assertThat(listed)
                .allSatisfy((variable, value) ->
                        assertThat(defaultOf(variable)).as(variable).isIn(value, null));
    }

    /** As docker-compose.yml or the Dockerfile has it; null where neither has one. */
    private static String defaultOf(String variable) {
        return Stream.concat(
                        Document.found(
                                Pattern.compile("\\$\\{" + variable + ":-([^}]+)}"),
                                Document.read("docker-compose.yml").lines()),
                        Document.found(
                                Pattern.compile("^ARG " + variable + "=(.+)$"),
                                Document.read("Dockerfile").lines()))
                .findFirst()
                .orElse(null);
    }
}
