package io.middleware.gateway.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

/** Prints what a choice costs in CPU time and garbage, the best of some rounds. Time depends on the machine, garbage does not. */
class ChoiceCostTest {
    private static final int ROUNDS = 8;
    private static final int TIMES = 200_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @SuppressWarnings("unused") // keeps the choice from being optimized away
    private Instance sink;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void choice_leavesNoMoreGarbageThanItsRequestAndItsExplanation(int instances) {
        List<Instance> candidates = candidates(instances);
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        CandidatesSupplier supplier = new CandidatesSupplier("a", beans.getBeanProvider(Directory.class));
        beans.addBean("supplier", supplier);

        Cost bare = cost(new PowerOfTwoChoices(), candidates);
        Cost ours = cost(new SpringCloudBalancer("a", new PowerOfTwoChoicesLoadBalancer(supplier)), candidates);
        Cost roundRobin = cost(
                new SpringCloudBalancer(
                        "a", new RoundRobinLoadBalancer(beans.getBeanProvider(ServiceInstanceListSupplier.class), "a")),
                candidates);
        System.out.printf(
                "a choice among %d: the core's alone %s, by Spring Cloud LoadBalancer %s, its round robin %s%n",
                instances, bare, ours, roundRobin);

        // the request takes 24; a Choice with its sticky key, and a Comparison of the figures of two, are what the
        // call's record keeps
        assertThat(ours.bytes).isLessThan(200);
    }

    private record Cost(double nanos, double bytes) {
        @Override
        public String toString() {
            return "%.0f ns %.0f B".formatted(nanos, bytes);
        }
    }

    private Cost cost(Balancer balancer, List<Instance> candidates) {
        Cost best = new Cost(Double.MAX_VALUE, 0);
        for (int round = 0; round < ROUNDS; round++) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            choose(balancer, candidates, TIMES);
            long end = THREADS.getCurrentThreadCpuTime();
            long garbage = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            if (end - start < best.nanos * TIMES) {
                best = new Cost((end - start) / (double) TIMES, garbage / (double) TIMES);
            }
        }
        return best;
    }

    private void choose(Balancer balancer, List<Instance> candidates, int times) {
        for (int i = 0; i < times; i++) {
            sink = balancer.choose(candidates);
        }
    }

    private static List<Instance> candidates(int instances) {
        Directory directory = new Directory(
                service -> new PowerOfTwoChoices(), GatewayInstance::new, Settings.defaults(), Ticker.system());
        directory.update(
                "a",
                IntStream.range(0, instances)
                        .mapToObj(i -> new Registration(
                                "i-" + i, "10.0.0.1", 1 + i, Pool.PRIMARY, 1, List.of("a.v1.A"), false, true, i, i))
                        .toList());
        return directory.serviceOf("a.v1.A").candidates().best(List.of());
    }
}
