package io.middleware.chaos.prove.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.chaos.prove.book.Execution;
import io.middleware.chaos.prove.check.Checker;
import io.middleware.chaos.prove.check.Judgement;
import io.middleware.chaos.prove.check.Rule;
import io.middleware.chaos.prove.history.History;
import io.middleware.chaos.prove.history.Kind;
import io.middleware.chaos.prove.history.Submission;
import io.middleware.chaos.prove.history.Told;
import io.middleware.chaos.stack.FaultSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProofTextTest {

    private static final Texts ENGLISH = new Texts("en");

    @Test
    void proof_isOneSentenceBelowTheFigures() {
        String text = ProofText.of(judge(executed("a")), 3, ENGLISH);

        assertThat(text)
                .contains("1  idempotency keys, each for one effect")
                .endsWith("\n1 calls, 3 faults: nothing ran twice, nothing that was acknowledged is missing,"
                        + " no caller was told anything wrong.\n");
    }

    @Test
    void violation_showsWhatTheCallerWasTold_andWhatServersExecuted() {
        String text = ProofText.of(judge(executed("a"), executed("b")), 3, ENGLISH);

        assertThat(text)
                .contains("Calls with one key ran 2 times.")
                .contains("call p-1.0 by HTTP, 00:00:01.000 to 00:00:02.000, told that it succeeded: OK,"
                        + " with the key p-1, from server-2, after 2 attempts")
                .contains("executed by server-1 at 00:00:01.500 for the call p-1.0, with the key p-1")
                .contains("1 calls, 3 faults: 1 times a rule did not hold.");
    }

    /** The only one of its rule must not be lost among many of another. */
    @Test
    void eachBrokenRule_isShown_howeverManyBreakAnother() {
        List<Submission> calls = new ArrayList<>();
        for (int each = 0; each < 9; each++) {
            calls.add(call("p-" + each, Told.OK));
        }
        calls.add(call("p-9", Told.UNFOUNDED));
        String text = ProofText.of(Checker.check(new History("p-", "a.B/C", calls), List.of()), 0, ENGLISH);

        assertThat(text)
                .contains("no server has it in its book")
                .contains("told that its call may have run, but no server was tried")
                .contains("... and 5 more, in the report");
    }

    @Test
    void proofByFewCalls_saysThatItProvesLess() {
        History calls = new History(
                "p-",
                "a.B/C",
                List.of(call("p-1", Told.OK), call("p-2", Told.NOT_EXECUTED), call("p-3", Told.NOT_EXECUTED)));
        Execution first = new Execution("a", "p-1", "", "", "a.B/C", "server-1", 1);

        assertThat(ProofText.of(Checker.check(calls, List.of(first)), 0, ENGLISH))
                .contains("nothing ran twice")
                .endsWith("But only 1 of 3 calls succeeded at once. The machine may have been too busy, and then this"
                        + " proves less.\n");
    }

    private static Submission call(String id, Told told) {
        return new Submission(
                id.charAt(2), Kind.UNMARKED, "gRPC", id, "", 1, 2, told, "", 0, "", "gateway-1", false, "");
    }

    @Test
    void missingExecution_isSaid() {
        assertThat(ProofText.of(judge(), 0, ENGLISH)).contains("executed nowhere");
    }

    @Test
    void page_showsTheCallsAndTheViolation_inBothLanguages() {
        Judgement judgement = judge(executed("a"), executed("b"));
        List<FaultSpan> faults = List.of(new FaultSpan("server-1", "kill", 1_000_000, 1_500_000));

        String page = ProofPage.of(history(), faults, judgement, List.of("server-1"), "--seed 1", ENGLISH);
        String portuguese =
                ProofPage.of(history(), faults, judgement, List.of("server-1"), "--seed 1", new Texts("pt"));

        assertThat(page).contains("Effects once: shop.v1.Orders/Place", "Calls with one key ran 2 times.", "server-2");
        assertThat(portuguese).contains("<html lang=\"pt\">", "Chamadas com uma mesma chave rodaram 2 vezes.");
    }

    @Test
    void languages_haveTheSameTexts_andOneForEachRuleAndOutcome() {
        Set<String> english = keys("texts");
        assertThat(keys("texts_pt")).isEqualTo(english);
        for (Rule rule : Rule.values()) {
            assertThat(english).contains("rule." + rule.key());
        }
        for (Told told : Told.values()) {
            assertThat(english).contains("told." + told);
        }
    }

    private static Set<String> keys(String name) {
        return ResourceBundle.getBundle("io.middleware.chaos.prove." + name, Locale.ROOT)
                .keySet();
    }

    private static Judgement judge(Execution... books) {
        return Checker.check(history(), List.of(books));
    }

    private static History history() {
        Submission call = new Submission(
                1,
                Kind.KEYED,
                "HTTP",
                "p-1.0",
                "p-1",
                1_000_000,
                2_000_000,
                Told.OK,
                "OK",
                2,
                "server-2",
                "gateway-1",
                false,
                "hash");
        return new History("p-", "shop.v1.Orders/Place", List.of(call));
    }

    private static Execution executed(String id) {
        return new Execution(id, "p-1.0", "p-1", "", "shop.v1.Orders/Place", "server-1", 1_500_000);
    }
}
