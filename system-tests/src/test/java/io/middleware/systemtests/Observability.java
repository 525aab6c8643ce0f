package io.middleware.systemtests;

import io.middleware.testsupport.Repository;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The folder {@code observability}, and the tool of Prometheus that checks it. */
final class Observability {
    private static final Path FOLDER = Repository.root().resolve("observability");

    private Observability() {}

    /** A query of a panel, as the dashboard sends it for all services. */
    record Query(String panel, String expression) {
        @Override
        public String toString() {
            return panel;
        }
    }

    /** Runs promtool in the folder. */
    static Shell.Result promtool(Path promtool, String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "cd \"$0\" && exec \"$@\"", FOLDER.toString()));
        command.add(promtool.toString());
        command.addAll(List.of(arguments));
        return Shell.run(Map.of(), command);
    }

    /** Finds promtool without fetching it: on the path, or where {@code ./stack tool prometheus} has put it. */
    static Optional<Path> promtool() {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(Path::of),
                        Stream.of(Repository.root().resolve(".stack/tools/prometheus")))
                .map(folder -> folder.resolve("promtool"))
                .filter(Files::isExecutable)
                .filter(promtool ->
                        promtool(promtool, "check", "config", "prometheus.yml").exit() == 0)
                .findFirst();
    }

    static List<Query> queries() {
        JsonNode dashboard = new JsonMapper().readTree(FOLDER.resolve("dashboard.json"));
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            StreamSupport.stream(panel.path("targets").spliterator(), false)
                    .map(target -> target.get("expr").asString())
                    .map(expression -> expression
                            .replace("$service", ".*")
                            .replace("$__rate_interval", "1m")
                            .replace("$__range", "5m"))
                    .forEach(expression ->
                            queries.add(new Query(panel.get("title").asString(), expression)));
        }
        return queries;
    }
}
