package io.middleware.core.call;

import static io.middleware.core.fixture.CoreFixture.CHAT;
import static io.middleware.core.fixture.CoreFixture.GRPC_SERVICE;
import static io.middleware.core.fixture.CoreFixture.SAY_HELLO;
import static io.middleware.core.fixture.CoreFixture.SIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Code;
import io.middleware.core.Settings;
import io.middleware.core.SlowStart;
import io.middleware.core.StickyRules;
import io.middleware.core.StickySettings;
import io.middleware.core.fixture.CoreFixture;
import io.middleware.core.fixture.RecordingCaller;
import io.middleware.core.fixture.Script;
import io.middleware.core.fixture.TestHeaders;
import io.middleware.core.instance.Registration;
import io.middleware.core.record.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls with equal keys go to the same instance. The fixture's balancer always takes the first candidate. */
class StickyCallsTest {
    private CoreFixture core = sticky("header:user", "p1", "p2", "p3");

    @AfterEach
    void nothingIsLeft() {
        core.assertNothingLeft();
        assertThat(core.time.waiting()).as("timers of calls that ended").isZero();
    }

    // by header and caller

    @Test
    void keysInAHeader_goToTheirInstances() {
        Set<String> used = new HashSet<>();
        for (int user = 0; user < 50; user++) {
            String first = call(SIGN, "user: u" + user);
            used.add(first);
            assertThat(call(SAY_HELLO, "user: u" + user)).isEqualTo(first);
        }
        assertThat(used).containsExactlyInAnyOrder("p1", "p2", "p3");
        assertThat(core.lastRecord.steps().stream()
                        .filter(Step.Chosen.class::isInstance)
                        .map(step -> ((Step.Chosen) step).choice().ranking()))
                .singleElement()
                .satisfies(ranking -> {
                    assertThat(ranking.rank()).isEqualTo(1);
                    assertThat(ranking.of()).isEqualTo(3);
                    assertThat(ranking.rule()).hasToString("header:user");
                });
    }

    @Test
    void withoutTheHeader_theBalancerChooses() {
        for (int i = 0; i < 5; i++) {
            assertThat(call(SAY_HELLO)).isEqualTo("p1");
            assertThat(call(SAY_HELLO, "user: ")).isEqualTo("p1");
        }
        assertThat(core.lastRecord.steps().stream()
                        .filter(Step.Chosen.class::isInstance)
                        .map(step -> ((Step.Chosen) step).choice().missingKey()))
                .singleElement()
                .hasToString("header:user");
    }

    @Test
    void caller_isAKeyAsWell() {
        core = sticky("caller", "p1", "p2", "p3");
        String user = movedFromTheBalancersChoice("caller");
        assertThat(call(SAY_HELLO, "caller: " + user)).isEqualTo(call(SIGN, "caller: " + user));
    }

    // who says so

    @Test
    void setting_goesBeforeInstances() {
        core = new CoreFixture(withRules(GRPC_SERVICE + "=none"));
        register(core, "header:user", "p1", "p2", "p3");
        for (int user = 0; user < 10; user++) {
            assertThat(call(SAY_HELLO, "user: u" + user)).isEqualTo("p1");
        }
        core = new CoreFixture(withRules(GRPC_SERVICE + "=header:other"));
        register(core, "header:user", "p1", "p2", "p3");
        movedFromTheBalancersChoice("other");
    }

    @Test
    void rule_changesWithTheRegistration() {
        core.register(CoreFixture.passing("p1"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        for (int user = 0; user < 10; user++) {
            assertThat(call(SAY_HELLO, "user: u" + user)).isEqualTo("p1");
        }
        core.register(CoreFixture.sticky("p1", "header:user"), CoreFixture.passing("p2"), CoreFixture.passing("p3"));
        movedFromTheBalancersChoice("user");
    }

    @Test
    void ruleOfAnotherGrpcService_doesNotCount() {
        core = sticky("other.v1.Service=header:user", "p1", "p2");
        for (int user = 0; user < 10; user++) {
            assertThat(call(SAY_HELLO, "user: u" + user)).isEqualTo("p1");
        }
    }

    // only among the candidates

    @Test
    void retries_goToTheNextInRank() {
        List<String> rank = rank("u");
        core.transport.next(rank.get(0), Script.refusesConnection());
        core.transport.next(rank.get(1), Script.breaks());
        int before = core.transport.attempts.size();
        assertThat(call(SAY_HELLO, "user: u")).isEqualTo(rank.get(2));
        assertThat(core.transport.tried().subList(before, before + 3)).isEqualTo(rank);
    }

    @Test
    void hedges_goToTheNextInRank() {
        List<String> rank = rank("u");
        core.transport.always(rank.getFirst(), Script.staysSilent());
        int before = core.transport.attempts.size();
        CoreFixture.Asked asked = ask(SAY_HELLO, "user: u");
        asked.send("Hello", true);
        core.time.advance(Settings.defaults().hedge().initialDelay());
        asked.caller().assertAnswered("World");
        assertThat(core.transport.tried().subList(before, before + 2)).isEqualTo(rank.subList(0, 2));
    }

    @Test
    void secondary_isNoCandidate_whileAPrimaryIs() {
        core = sticky("header:user", "p1", "s1", "s2");
        for (int user = 0; user < 20; user++) {
            assertThat(call(SAY_HELLO, "user: u" + user)).isEqualTo("p1");
        }
    }

    @Test
    void failingInstance_isNoCandidate_andGetsItsKeysBack() {
        List<String> rank = rank("u");
        core.register(Stream.of("p1", "p2", "p3")
                .map(id -> id.equals(rank.getFirst()) ? CoreFixture.failing(id) : CoreFixture.sticky(id, "header:user"))
                .toArray(Registration[]::new));
        assertThat(call(SAY_HELLO, "user: u")).isEqualTo(rank.get(1));
        register(core, "header:user", "p1", "p2", "p3");
        assertThat(call(SAY_HELLO, "user: u")).isEqualTo(rank.getFirst());
    }

    // by a field of the request

    @Test
    void fieldOfTheRequest_isWaitedFor() {
        core = sticky("field:key", "p1", "p2", "p3");
        Set<String> used = new HashSet<>();
        for (int user = 0; user < 20; user++) {
            CoreFixture.Asked asked = ask(SAY_HELLO);
            int before = core.transport.attempts.size();
            asked.send("u", false);
            assertThat(core.transport.attempts).hasSize(before);
            assertThat(asked.call().writable()).isTrue();
            asked.send(user + ";", false);
            assertThat(core.transport.attempts).hasSize(before + 1);
            asked.send("rest", true);
            core.time.runDue();
            asked.caller().assertAnswered("World");
            assertThat(core.transport.attempts.getLast().received).containsExactly("u", user + ";", "rest");
            String first = core.transport.tried().getLast();
            used.add(first);
            assertThat(withMessage("u" + user + ";and more")).isEqualTo(first);
        }
        assertThat(used).hasSize(3);
    }

    @Test
    void requestWithoutTheField_goesWhereTheBalancerSays() {
        core = sticky("field:key", "p1", "p2", "p3");
        assertThat(withMessage("no key")).isEqualTo("p1");
        CoreFixture.Asked asked = ask(SAY_HELLO);
        asked.send("no key", false);
        asked.call().halfClose();
        core.time.runDue();
        asked.caller().assertAnswered("World");
        assertThat(core.transport.attempts.getLast().received).containsExactly("no key");
        CoreFixture.Asked empty = ask(SAY_HELLO);
        empty.call().halfClose();
        core.time.runDue();
        empty.caller().assertAnswered("World");
    }

    @Test
    void methodWithoutTheField_doesNotWait() {
        core = sticky("field:other", "p1", "p2");
        CoreFixture.Asked asked = ask(SAY_HELLO);
        assertThat(core.transport.attempts).hasSize(1);
        asked.send("Hello", true);
        core.time.runDue();
        asked.caller().assertAnswered("World");
    }

    @Test
    void requestThatNeverComes_endsAtTheDeadline() {
        core = sticky("field:key", "p1", "p2");
        CoreFixture.Asked asked = core.ask(SAY_HELLO, Duration.ofMillis(300));
        asked.send("u", false);
        core.time.advance(Duration.ofMillis(299));
        assertThat(asked.caller().heard).isEmpty();
        core.time.advance(Duration.ofMillis(1));
        assertThat(asked.caller().status).isEqualTo(Code.DEADLINE_EXCEEDED);
        asked.send(";", true);
        assertThat(core.transport.attempts).isEmpty();
        assertThat(core.lastRecord.end().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(core.lastRecord.nanos()).isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @Test
    void callerThatLeaves_leavesNothing() {
        core = sticky("field:key", "p1", "p2");
        CoreFixture.Asked asked = ask(CHAT);
        asked.send("u", false);
        asked.cancel();
        asked.call().cancel();
        asked.send(";", true);
        asked.call().halfClose();
        core.time.advance(Duration.ofMinutes(1));
        assertThat(core.transport.attempts).isEmpty();
        assertThat(core.lastRecord.end().left()).isTrue();
    }

    @Test
    void streamWhoseCallerWaits_startsWithoutAKey() {
        core = sticky("field:key", "p1", "p2");
        core.transport.always("p1", Script.staysSilent());
        CoreFixture.Asked asked = ask(CHAT);
        core.time.advance(Duration.ofSeconds(HeldCall.STREAM_SECONDS).minusMillis(1));
        assertThat(core.transport.attempts).isEmpty();
        core.time.advance(Duration.ofMillis(1));
        assertThat(core.transport.tried()).containsExactly("p1");
        assertThat(asked.caller().writabilityChanges).isEqualTo(1);
        asked.send("late;", false);
        assertThat(core.transport.attempts.getFirst().received).containsExactly("late;");
        asked.cancel();
    }

    @Test
    void whatTheCallerWants_isKeptUntilTheStart() {
        core = sticky("field:key", "p1", "p2");
        CoreFixture.Asked asked = ask(CHAT);
        asked.call().wantMore(false);
        asked.send("u;", true);
        assertThat(core.transport.attempts.getFirst().wanted).isFalse();
        asked.call().wantMore(true);
        core.time.runDue();
        asked.caller().assertAnswered("World");
    }

    private static CoreFixture sticky(String rules, String... ids) {
        CoreFixture core = new CoreFixture();
        register(core, rules, ids);
        return core;
    }

    private static void register(CoreFixture core, String rules, String... ids) {
        core.register(Stream.of(ids).map(id -> CoreFixture.sticky(id, rules)).toArray(Registration[]::new));
        core.directory.markLoaded();
        core.describe();
    }

    private static Settings withRules(String rules) {
        Settings defaults = Settings.defaults();
        return new Settings(
                defaults.unaryDeadline(),
                defaults.attempts(),
                defaults.firstBackOff(),
                defaults.budget(),
                defaults.replay(),
                defaults.ejection(),
                defaults.hedge(),
                defaults.silence(),
                defaults.limit(),
                new StickySettings(StickyRules.parse(rules), 1.25, 10),
                SlowStart.DEFAULT);
    }

    private CoreFixture.Asked ask(String path, String... headers) {
        return core.ask(path, null, false, TestHeaders.of(headers));
    }

    /** Makes a call, and returns the instance that it was answered by. */
    private String call(String path, String... headers) {
        CoreFixture.Asked asked = ask(path, headers);
        asked.send("Hello", true);
        core.time.advance(Duration.ofSeconds(1));
        asked.caller().assertAnswered("World");
        return core.transport.tried().getLast();
    }

    private String withMessage(String message) {
        CoreFixture.Asked asked = ask(SAY_HELLO);
        asked.send(message, true);
        core.time.runDue();
        RecordingCaller caller = asked.caller();
        caller.assertAnswered("World");
        return core.transport.tried().getLast();
    }

    /** Returns a key that does not go to the first instance, which the balancer would take. */
    private String movedFromTheBalancersChoice(String header) {
        for (int user = 0; user < 50; user++) {
            if (!call(SAY_HELLO, header + ": u" + user).equals("p1")) {
                return "u" + user;
            }
        }
        throw new AssertionError("all went to the first: no key counts");
    }

    /** Returns the instances in the rank of a user, found out by taking the first away. */
    private List<String> rank(String user) {
        List<String> left = new ArrayList<>(List.of("p1", "p2", "p3"));
        List<String> rank = new ArrayList<>();
        while (!left.isEmpty()) {
            register(core, "header:user", left.toArray(String[]::new));
            rank.add(call(SAY_HELLO, "user: " + user));
            left.remove(rank.getLast());
        }
        register(core, "header:user", "p1", "p2", "p3");
        return rank;
    }
}
