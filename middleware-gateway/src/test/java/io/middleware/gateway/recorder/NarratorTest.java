package io.middleware.gateway.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Call;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.record.CallRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NarratorTest {

    @ParameterizedTest
    @CsvSource({
        "UNAUTHENTICATED, the caller has not proved who it is, o cliente não provou quem é",
        "PERMISSION_DENIED, the rules do not let this caller call this method, as regras não deixam este cliente",
        "RESOURCE_EXHAUSTED, the caller has called more than a rule allows, o cliente chamou mais do que uma regra permite",
    })
    void callThatIsRefusedAtTheGate_saysThatNoServerHeardOfIt(Code code, String english, String portuguese) {
        CallRecord record = new CallRecord(
                new Call("/a.A/B", null, Call.NO_DEADLINE, false, null, null), null, null, () -> 0, null, ended -> {});
        record.concluded(code, new Failure(code, "so it was"), false);
        KeptCall call = new KeptCall("id", null, Instant.EPOCH, null, Duration.ZERO, Set.of(Trait.REFUSED), record);

        assertThat(Narrator.tell(call, "gateway-1", "en").getLast().text())
                .isEqualTo("Refused with " + code + " before any server heard of it: " + english
                        + ". It was told: so it was.");
        assertThat(Narrator.tell(call, "gateway-1", "pt").getLast().text())
                .startsWith("Recusada com " + code + " antes que um servidor soubesse dela: ")
                .contains(portuguese)
                .endsWith("A ele foi dito: so it was.");
        assertThat(TimeSpent.inWords(call, "en")).isNull();
    }
}
