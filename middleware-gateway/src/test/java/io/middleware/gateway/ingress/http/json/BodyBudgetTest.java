package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.middleware.gateway.ingress.http.result.Refusal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private static final int KB = 1 << 10;

    private final BodyBudget budget = new BodyBudget(100 * KB);

    @Test
    void bodiesTogether_areBounded() {
        BodyBudget.Lease one = budget.lease();
        BodyBudget.Lease other = budget.lease();
        one.growTo(60 * KB);
        other.growTo(40 * KB);

        assertThatThrownBy(() -> budget.lease().growTo(17 * KB)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.answer().status()).isEqualTo(429);
            assertThat(new String(refusal.answer().body(), StandardCharsets.UTF_8))
                    .contains("resource_exhausted", "at most 102400 bytes in all");
        });
    }

    @Test
    void smallBody_alwaysHasRoom() {
        budget.lease().growTo(100 * KB);
        budget.lease().growTo(16 * KB);

        assertThat(budget.held()).isEqualTo(100 * KB);
    }

    @Test
    void bodyThatGrowsLarge_isCountedFromItsFirstByte() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(10 * KB);
        lease.growTo(20 * KB);

        assertThat(budget.held()).isEqualTo(20 * KB);
    }

    @Test
    void lease_countsTheLargestSizeOnce_andGivesItBack() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(20 * KB);
        lease.growTo(80 * KB);
        lease.growTo(50 * KB);
        assertThat(budget.held()).isEqualTo(80 * KB);
        lease.close();
        lease.close();

        assertThat(budget.held()).isZero();
    }

    @Test
    void leaseThatShrinks_givesBackTheRest() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(80 * KB);
        lease.shrinkTo(90 * KB);
        assertThat(budget.held()).isEqualTo(80 * KB);
        lease.shrinkTo(20 * KB);
        assertThat(budget.held()).isEqualTo(20 * KB);
        lease.shrinkTo(KB);
        assertThat(budget.held()).as("small bodies are not counted").isZero();

        lease.growTo(30 * KB);
        lease.lend();
        lease.shrinkTo(0);
        assertThat(budget.held()).as("lent").isEqualTo(30 * KB);
        lease.takeBack();
        lease.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void refusedGrowth_leavesWhatWasHeld() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(80 * KB);
        assertThatThrownBy(() -> lease.growTo(101 * KB)).isInstanceOf(Refusal.class);
        assertThat(lease.grows(101 * KB)).isFalse();
        assertThat(budget.held()).isEqualTo(80 * KB);
        lease.close();
        assertThat(budget.held()).isZero();
    }

    @Test
    void closedLease_takesNothingMore() {
        BodyBudget.Lease lease = budget.lease();
        lease.close();

        assertThat(lease.grows(20 * KB)).isFalse();
        assertThat(budget.held()).isZero();
    }

    @Test
    void leaseThatIsClosedWhileItIsLent_holdsUntilItIsTakenBack() {
        BodyBudget.Lease lease = budget.lease();
        lease.growTo(50 * KB);
        lease.lend();
        lease.close();
        assertThat(budget.held()).isEqualTo(50 * KB);
        lease.takeBack();

        assertThat(budget.held()).isZero();
    }

    @Test
    void bodyThatNeverFits_isReportedUnlikeOneThatDoesNotFitNow() {
        budget.lease().growTo(80 * KB);

        assertThat(budget.lease().full(30 * KB)).contains("too many large bodies at a time", "try again");
        assertThat(budget.lease().full(101 * KB))
                .contains("too large for this gateway's memory")
                .doesNotContain("try again");
    }

    @Test
    void ofHeap_isAShareOfIt_howeverSmallItIs() {
        BodyBudget.Lease lease = BodyBudget.ofHeap().lease();

        assertThat(lease.grows(Runtime.getRuntime().maxMemory() / 13)).isTrue();
        assertThat(lease.grows(Runtime.getRuntime().maxMemory() / 11)).isFalse();
    }
}
