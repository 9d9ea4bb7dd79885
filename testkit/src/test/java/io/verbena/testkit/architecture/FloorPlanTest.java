package io.verbena.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.verbena.testkit.Requirement;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which room may know which other. */
@Tag("architecture")
class FloorPlanTest {
    private static final String[] JDK = {"java..", "javax..", "jdk.net.."};
    private static final String VERBS = "io.verbena.verbs..";
    private static final String[] DDP_AND_BELOW = {"io.verbena.ddp..", "io.verbena.mpa..", "io.verbena.transport"};
    private static final String NETTY_TRANSPORT = "io.verbena.transport.netty..";
    private static final String[] ENGINE = {
        "io.verbena.rdmap..",
        "io.verbena.queue..",
        "io.verbena.memory..",
        "io.verbena.cache..",
        "io.verbena.queuepair..",
        "io.verbena.engine..",
        "io.verbena.connection..",
        "io.verbena.device..",
        "io.verbena.observe..",
        "io.verbena.capture.."
    };

    private static final JavaClasses STACK = StackModules.mainClasses(StackModules.LINKED);

    @Test
    void requirementsKnowTheJdkAndJunitsPlatformAlone() {
        check(
                "requirements",
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(packages(JDK, "io.verbena.requirements", "org.junit.platform..")));
    }

    /** The raw peer and its cases judge the stack, so they share no code with it; and they run where no test library is. */
    @Test
    void conformanceKnowsTheJdkAlone() {
        check(
                "conformance",
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(packages(JDK, "io.verbena.conformance..")));
    }

    @Test
    void verbsKnowTheJdkAlone() {
        check("verbs-api", classes().should().onlyDependOnClassesThat().resideInAnyPackage(packages(JDK, VERBS)));
    }

    @Test
    void ddpAndMpaKnowTheJdkAndAgronaAlone() {
        check(
                "ddp-mpa",
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(packages(packages(JDK, DDP_AND_BELOW), "org.agrona..")));
    }

    @Test
    void theSeamBelowMpaKnowsTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.verbena.transport")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages(JDK, "io.verbena.transport"))
                .check(STACK);
    }

    @Test
    void mpaKnowsNothingAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.verbena.mpa..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.verbena.ddp..")
                .check(STACK);
    }

    @Test
    @Requirement("DDP-6.2-01")
    void ddpKnowsNothingBelowMpa() {
        noClasses()
                .that()
                .resideInAPackage("io.verbena.ddp..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.verbena.transport..")
                .check(STACK);
    }

    @Test
    void engineKnowsNoNetty() {
        check(
                "rdmap-core",
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(packages(
                                packages(packages(JDK, DDP_AND_BELOW), ENGINE),
                                VERBS,
                                "org.agrona..",
                                "org.jctools..",
                                "org.slf4j..",
                                "io.micrometer..")));
    }

    @Test
    void micrometerAndLoggingAreKnownToTheObserversAlone() {
        noClasses()
                .that()
                .resideInAnyPackage(ENGINE)
                .and()
                .resideOutsideOfPackage("io.verbena.observe..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "org.slf4j..")
                .check(STACK);
    }

    @Test
    void theCaptureOfADeviceKnowsTheSeamToTcpAlone() {
        classes()
                .that()
                .resideInAPackage("io.verbena.capture")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages(JDK, "io.verbena.capture", "io.verbena.transport"))
                .check(STACK);
    }

    @Test
    void theRegistrationCacheKnowsTheVerbsAlone() {
        classes()
                .that()
                .resideInAPackage("io.verbena.cache..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages(JDK, "io.verbena.cache..", VERBS, "org.agrona.."))
                .check(STACK);
    }

    @Test
    void nettyTransportKnowsTheSeamAlone() {
        check(
                "transport-netty",
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(packages(JDK, NETTY_TRANSPORT, "io.verbena.transport", "io.netty..")));
    }

    @Test
    void nettyIsKnownToItsTransportAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(NETTY_TRANSPORT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(STACK);
    }

    @Test
    void nobodyTouchesUnsafeOrAgronasBuffers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "sun..",
                        "jdk.internal..",
                        "org.agrona.concurrent.ringbuffer..",
                        "org.agrona.concurrent.broadcast..")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("UnsafeBuffer")
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("UnsafeApi")
                .check(STACK);
    }

    @Test
    void everyPackageHasASignOnItsDoor() {
        assertThat(StackModules.packageFolders())
                .isNotEmpty()
                .allSatisfy(folder ->
                        assertThat(folder.resolve("package-info.java")).matches(Files::isRegularFile, "is present"));
    }

    private static void check(String module, ArchRule rule) {
        rule.allowEmptyShould(true).check(StackModules.mainClasses(List.of(module)));
    }

    private static String[] packages(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }
}
