package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Servers whose clocks are wrong, with {@code libfaketime}: keys expire by the clock of their database. */
class ClocksIT {
    private static final int NOT_POSSIBLE = 4;
    private static final JsonMapper JSON = new JsonMapper();

    private final Stack stack = new Stack();

    @BeforeEach
    @AfterEach
    void nothingRuns() {
        assumeTrue(Stack.MODE == RunMode.LOCAL, "clocks are moved for processes only");
        stack.runs("down");
    }

    @Test
    void aDayAheadAndBehind_nothingRunsTwice_andNothingIsLost() throws IOException {
        Instant begun = Instant.now();
        Shell.Result proof = stack.run(
                "prove", "--clocks", "+1d,-1d,+1h", "--port-offset", Integer.toString(Stack.OFFSET), "--for", "20s");

        assumeTrue(proof.exit() != NOT_POSSIBLE, proof.err());
        assertThat(proof.exit()).as("%s%s", proof.out(), proof.err()).isZero();
        assertThat(proof.err()).contains("nothing ran twice");
        List<Duration> ahead = executionsAfter(begun);
        assertThat(ahead)
                .as("by servers whose clocks were really so")
                .anySatisfy(each -> assertThat(each).isGreaterThan(Duration.ofHours(23)));
        assertThat(ahead).anySatisfy(each -> assertThat(each).isLessThan(Duration.ofHours(-23)));
    }

    /** Returns how long after that moment each execution began, by the clock of its server. */
    private List<Duration> executionsAfter(Instant moment) throws IOException {
        return Files.readAllLines(stack.home().resolve("chaos/prove-executions.jsonl")).stream()
                .map(line -> JSON.readTree(line).get("beganMicros").asLong())
                .map(micros -> Duration.between(moment, Instant.EPOCH.plus(micros, ChronoUnit.MICROS)))
                .toList();
    }
}
