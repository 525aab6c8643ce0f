package io.middleware.gateway.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.Balancer;
import io.middleware.core.balancing.Choice;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClient;
import org.springframework.cloud.loadbalancer.annotation.LoadBalancerClients;
import org.springframework.cloud.loadbalancer.config.LoadBalancerAutoConfiguration;
import org.springframework.cloud.loadbalancer.core.RandomLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Spring Cloud LoadBalancer as the gateway has it, with load balancers of Spring's, of ours, and of people's own. */
@ExtendWith(OutputCaptureExtension.class)
class SpringCloudBalancerTest {
    private final ApplicationContextRunner gateway = new ApplicationContextRunner()
            .withPropertyValues(
                    "spring.cloud.discovery.blocking.enabled=false",
                    "spring.cloud.discovery.reactive.enabled=false",
                    "spring.cloud.loadbalancer.cache.enabled=false")
            .withConfiguration(AutoConfigurations.of(LoadBalancerAutoConfiguration.class))
            .withUserConfiguration(BalancerConfiguration.class, PlugIns.class);

    @Test
    void serviceWithoutItsOwn_getsPowerOfTwoChoices() {
        with("plain", service -> {
            assertThat(service.loadBalancer).isInstanceOf(PowerOfTwoChoicesLoadBalancer.class);
            Set<Instance> chosen = new HashSet<>(service.choose(200));
            assertThat(chosen).hasSameElementsAs(service.candidates);
        });
    }

    @Test
    void roundRobin_ofSpringsWorksUnmodified() {
        with("round-robin", service -> {
            assertThat(service.loadBalancer).isInstanceOf(RoundRobinLoadBalancer.class);
            List<Instance> chosen = service.choose(30);
            assertThat(chosen).containsAll(service.candidates);
            for (int i = 3; i < chosen.size(); i++) {
                assertThat(chosen.get(i)).as("every third is the same").isSameAs(chosen.get(i - 3));
            }
        });
    }

    @Test
    void roundRobin_seesOnlyWhatIsLeftToTry() {
        with("round-robin", service -> {
            List<Instance> left = service.candidates.subList(1, 3);
            assertThat(Stream.generate(() -> service.balancer.choose(left)).limit(10))
                    .hasSameElementsAs(left);
        });
    }

    @Test
    void random_ofSpringsWorksUnmodified() {
        with("random", service -> {
            assertThat(service.loadBalancer).isInstanceOf(RandomLoadBalancer.class);
            assertThat(service.choose(200)).hasSameElementsAs(service.candidates);
        });
    }

    @Test
    void supplierOfPeoplesOwn_narrowsWhatOursChoosesFrom() {
        with("narrowed", service -> {
            assertThat(service.loadBalancer).isInstanceOf(PowerOfTwoChoicesLoadBalancer.class);
            assertThat(service.choose(50)).containsOnly(service.candidates.getLast());
        });
    }

    @Test
    void wrappedInstance_isRecognizedByItsId() {
        with("wrapping", service -> assertThat(service.choose(20)).containsOnly(service.candidates.getFirst()));
    }

    @Test
    void choiceThatTakesTime_isNotWaitedFor(CapturedOutput output) {
        fallsBack("never", "does not choose at once", output);
    }

    @Test
    void choiceOfNone_isStoodInFor(CapturedOutput output) {
        fallsBack("none", "chooses none", output);
    }

    @Test
    void choiceOfAStranger_isStoodInFor(CapturedOutput output) {
        fallsBack("stranger", "chooses DefaultServiceInstance", output);
    }

    @Test
    void failure_isStoodInFor(CapturedOutput output) {
        fallsBack("failing", "fails: java.lang.IllegalStateException: no idea", output);
    }

    @Test
    void configurationThatCannotBeMade_isStoodInFor(CapturedOutput output) {
        with("broken", service -> assertThat(service.choose(200)).hasSameElementsAs(service.candidates));
        assertThat(output).containsOnlyOnce("cannot create the load balancer for broken");
    }

    @Test
    void supplier_givesTheListItselfAndWithoutARequestWhatIsCurrent() {
        with("plain", service -> {
            assertThat(service.supplier
                            .get(new CandidatesRequest(service.candidates, new Choice()))
                            .blockFirst())
                    .isSameAs(service.candidates);
            assertThat(service.supplier.get().blockFirst()).containsExactlyElementsOf(service.serviceInstances());
        });
    }

    @Test
    void instance_isDescribedInSpringsWords() {
        with("plain", service -> {
            ServiceInstance instance = service.serviceInstances().getFirst();
            assertThat(instance.getServiceId()).isEqualTo("plain");
            assertThat(instance.getInstanceId()).isEqualTo("i-1");
            assertThat(instance.getUri()).hasToString("http://10.0.0.1:21001");
            assertThat(instance.getMetadata()).containsEntry("pool", "primary").containsEntry("weight", "1");
        });
    }

    private void fallsBack(String name, String problem, CapturedOutput output) {
        with(name, service -> assertThat(service.choose(200)).hasSameElementsAs(service.candidates));
        assertThat(output).containsOnlyOnce(" of " + name + " " + problem);
    }

    private void with(String name, Consumer<Served> test) {
        gateway.run(context -> {
            assertThat(context).hasNotFailed();
            List<Balancer> balancers = new ArrayList<>();
            Directory directory = context.getBean(Holder.class)
                    .directory(context.getBean(Directory.BalancerFactory.class), balancers);
            directory.update(
                    name,
                    IntStream.rangeClosed(1, 3)
                            .mapToObj(SpringCloudBalancerTest::registration)
                            .toList());
            LoadBalancerClientFactory contexts = context.getBean(LoadBalancerClientFactory.class);
            test.accept(new Served(
                    balancers.getFirst(),
                    directory.serviceOf("a.v1.A").candidates().best(List.of()),
                    name.equals("broken") ? null : contexts.getInstance(name, ReactorServiceInstanceLoadBalancer.class),
                    name.equals("broken") ? null : contexts.getInstance(name, ServiceInstanceListSupplier.class)));
        });
    }

    private static Registration registration(int i) {
        return new Registration(
                "i-" + i, "10.0.0." + i, 21_000 + i, Pool.PRIMARY, 1, List.of("a.v1.A"), false, true, i, i);
    }

    private record Served(
            Balancer balancer,
            List<Instance> candidates,
            ReactorServiceInstanceLoadBalancer loadBalancer,
            ServiceInstanceListSupplier supplier) {
        List<Instance> choose(int times) {
            return Stream.generate(() -> balancer.choose(candidates))
                    .limit(times)
                    .toList();
        }

        List<ServiceInstance> serviceInstances() {
            return candidates.stream().map(ServiceInstance.class::cast).toList();
        }
    }

    /** Stands for the bean that the gateway has. */
    static final class Holder {
        private Directory directory;

        Directory directory(Directory.BalancerFactory balancers, List<Balancer> made) {
            directory = new Directory(
                    service -> {
                        made.add(balancers.create(service));
                        return made.getLast();
                    },
                    GatewayInstance::new,
                    Settings.defaults(),
                    Ticker.system());
            return directory;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @LoadBalancerClients({
        @LoadBalancerClient(name = "round-robin", configuration = RoundRobin.class),
        @LoadBalancerClient(name = "random", configuration = Random.class),
        @LoadBalancerClient(name = "narrowed", configuration = Narrowed.class),
        @LoadBalancerClient(name = "wrapping", configuration = Wrapping.class),
        @LoadBalancerClient(name = "never", configuration = Never.class),
        @LoadBalancerClient(name = "none", configuration = None.class),
        @LoadBalancerClient(name = "stranger", configuration = Stranger.class),
        @LoadBalancerClient(name = "failing", configuration = Failing.class),
        @LoadBalancerClient(name = "broken", configuration = Broken.class)
    })
    static class PlugIns {
        @Bean
        Holder holder() {
            return new Holder();
        }

        @Bean
        @Lazy
        Directory directory(Holder holder) {
            return holder.directory;
        }
    }

    static class RoundRobin {
        @Bean
        ReactorServiceInstanceLoadBalancer roundRobin(Environment environment, LoadBalancerClientFactory contexts) {
            String name = LoadBalancerClientFactory.getName(environment);
            return new RoundRobinLoadBalancer(contexts.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
        }
    }

    static class Random {
        @Bean
        ReactorServiceInstanceLoadBalancer random(Environment environment, LoadBalancerClientFactory contexts) {
            String name = LoadBalancerClientFactory.getName(environment);
            return new RandomLoadBalancer(contexts.getLazyProvider(name, ServiceInstanceListSupplier.class), name);
        }
    }

    static class Narrowed {
        @Bean
        ServiceInstanceListSupplier lastOnly(ObjectProvider<Directory> directory) {
            CandidatesSupplier all = new CandidatesSupplier("narrowed", directory);
            return new ServiceInstanceListSupplier() {
                @Override
                public String getServiceId() {
                    return all.getServiceId();
                }

                @Override
                public Flux<List<ServiceInstance>> get() {
                    return all.get().map(instances -> List.of(instances.getLast()));
                }
            };
        }
    }

    static class Wrapping {
        @Bean
        ReactorServiceInstanceLoadBalancer first() {
            return request ->
                    answer(new DefaultResponse(new DefaultServiceInstance("i-1", "wrapping", "elsewhere", 1, false)));
        }
    }

    static class Never {
        @Bean
        ReactorServiceInstanceLoadBalancer never() {
            return request -> Mono.never();
        }
    }

    static class None {
        @Bean
        ReactorServiceInstanceLoadBalancer none() {
            return request -> answer(new EmptyResponse());
        }
    }

    static class Stranger {
        @Bean
        ReactorServiceInstanceLoadBalancer stranger() {
            return request ->
                    answer(new DefaultResponse(new DefaultServiceInstance("x", "stranger", "elsewhere", 1, false)));
        }
    }

    static class Failing {
        @Bean
        ReactorServiceInstanceLoadBalancer failing() {
            return request -> Mono.<Response<ServiceInstance>>error(new IllegalStateException("no idea"))
                    .hide();
        }
    }

    static class Broken {
        @Bean
        ReactorServiceInstanceLoadBalancer broken() {
            throw new IllegalStateException("no such thing");
        }
    }

    private static Mono<Response<ServiceInstance>> answer(Response<ServiceInstance> response) {
        return Mono.just(response).hide();
    }
}
