import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.balancing.Choice;
import io.middleware.core.balancing.Subset;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;

/**
 * What a large service costs inside of a gateway: choosing an instance of ten thousand beside one of ten, in alternating rounds; a
 * change of the registry; and a change of an instance's health, which an event loop makes. Its class path has middleware-core.
 */
final class Choosing {
    private static final int ROUNDS = 15;
    private static final int CHOICES = 1_000_000;
    private static final int CHANGES = 300;

    private static long sink;

    private Choosing() {
    }

    public static void main(String[] args) {
        Fleet ten = new Fleet(10);
        Fleet many = new Fleet(10_000);
        for (int i = 0; i < 5; i++) {
            nanosEach(CHOICES, ten::choose);
            nanosEach(CHOICES, many::choose);
        }
        double[] one = new double[ROUNDS];
        double[] other = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            one[i] = nanosEach(CHOICES, ten::choose);
            other[i] = nanosEach(CHOICES, many::choose);
            ratios[i] = other[i] / one[i];
        }
        System.out.printf(
                "choosing: %.0f ns of 10 instances, %.0f ns of 10,000; median of the ratios %.2f%n",
                median(one), median(other), median(ratios));
        nanosEach(CHANGES, many::change);
        nanosEach(CHANGES, many::sort);
        System.out.printf("a change of the registry: %.2f ms%n", nanosEach(CHANGES, many::change) / 1e6);
        System.out.printf("a change of an instance's health: %.2f ms%n", nanosEach(CHANGES, many::sort) / 1e6);
        if (sink == 42) {
            System.out.println();
        }
    }

    private static double nanosEach(int times, IntConsumer task) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            task.accept(i);
        }
        return (double) (System.nanoTime() - start) / times;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static final class Fleet {
        private final Directory directory = new Directory(
                service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), Ticker.system());
        private final List<Registration> registrations = new ArrayList<>();
        private final Route route;

        Fleet(int size) {
            directory.use(new Subset(100, "gateway-1", List.of("gateway-1", "gateway-2")));
            for (int i = 0; i < size; i++) {
                registrations.add(registration(i, true));
            }
            directory.update("a", registrations);
            route = directory.route("a.v1.A");
        }

        private static Registration registration(int i, boolean passing) {
            return new Registration(
                    "a-" + i, "10.0.0.1", 1 + i, Pool.PRIMARY, 1, List.of("a.v1.A"), false, passing, i, i);
        }

        void choose(int i) {
            Instance chosen = route.choose(route.candidates(), List.of(), true, new Choice());
            sink += chosen.inFlight();
        }

        void change(int i) {
            int which = i * 37 % registrations.size();
            registrations.set(which, registration(which, !registrations.get(which).passing()));
            directory.update("a", registrations);
        }

        void sort(int i) {
            route.service().onHealthChanged();
        }
    }
}
