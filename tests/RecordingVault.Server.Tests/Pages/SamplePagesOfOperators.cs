using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Features.Operators.Passkeys;
using RecordingVault.Server.Features.Passkeys;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfOperators
{
    private const string HostName = "localhost";

    private static readonly OperatorFrame s_frame = new(SamplePages.Stranger, "Karl Brandt");

    private static readonly OperatorJobsPageModel s_jobs = new()
    {
        Frame = s_frame,
        Waiting = 3,
        Running = 1,
        Done = 12_480,
        Failed = 2,
        Workers = 3,
        Recurring =
        [
            new("sweep-cards", SamplePages.Now.AddMinutes(-12), "Succeeded", SamplePages.Now.AddMinutes(48)),
            new("sweep-trash", null, null, SamplePages.Now.AddMinutes(48)),
        ],
        Failures = [new("verify-recording-failed", 2, SamplePages.Now.AddHours(-3))],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("operator-signin", typeof(OperatorSignInPage), new OperatorSignInPageModel { Frame = SamplePages.Stranger, HostName = HostName, ReturnTo = "/operator", SignedOut = true }),
        new("operator-signin-wrong", typeof(OperatorSignInPage), new OperatorSignInPageModel { Frame = SamplePages.Stranger, HostName = HostName, ReturnTo = "/operator", Name = "Karl Brandt", Error = "Name, password or code is not right. A code works once: wait for the next one." }),
        new("operator-password", typeof(OperatorPasswordPage), new OperatorPasswordPageModel { Frame = SamplePages.Stranger, HostName = HostName, MustChange = true, MinimumPasswordLength = 10 }),
        new("operator-password-refused", typeof(OperatorPasswordPage), new OperatorPasswordPageModel { Frame = SamplePages.Stranger, HostName = HostName, MinimumPasswordLength = 10, CurrentPasswordError = "This is not your present password.", NewPasswordError = "Choose another password than the one until now." }),
        new("operator-signin-again", typeof(OperatorSignInPage), new OperatorSignInPageModel { Frame = SamplePages.Stranger, HostName = HostName, ReturnTo = "/operator/security", IsAgain = true, TakesPasskeys = true }),
        new("operator-sign-in-settings", typeof(OperatorSecurityPage), new OperatorSecurityPageModel
        {
            Frame = s_frame,
            Passkeys = new PasskeysPartModel { Frame = SamplePages.Stranger, Own = "/operator/security/passkeys", Passkeys = [new(SamplePages.Tenant, "Key on my ring", SamplePages.Now.AddDays(-3), SamplePages.Now.AddHours(-2))] },
        }),
        new("operator-health", typeof(OperatorHealthPage), new OperatorHealthPageModel
        {
            Frame = s_frame,
            Lines =
            [
                new(HealthState.Bad, "proxy", "the public address is https, but the vault serves http and believes no proxy.", "Name the proxy's address in Vault__Proxy__Trusted, such as 127.0.0.1."),
                new(HealthState.Look, "public address", "none: only browsers on this machine can sign in.", "With Caddy, these three lines are all:\n\n    vault.example {\n        reverse_proxy 127.0.0.1:8080\n    }"),
                new(HealthState.Good, "disk", "212 GiB are free.", null),
            ],
        }),
        new("operator-health-good", typeof(OperatorHealthPage), new OperatorHealthPageModel { Frame = s_frame, Lines = [new(HealthState.Good, "clock", "2026-11-24 13:02 UTC, not before anything that was written here.", null)] }),
        new("operator-jobs", typeof(OperatorJobsPage), s_jobs),
        new("operator-jobs-none", typeof(OperatorJobsPage), s_jobs with { Failed = 0, Failures = [], Recurring = [] }),
        new("operator-versions", typeof(OperatorVersionsPage), new OperatorVersionsPageModel
        {
            Frame = s_frame,
            Product = "1.0.0",
            Runtime = ".NET 10.0.1",
            System = "Debian GNU/Linux 12 (bookworm), X64",
            Database = "PostgreSQL 15.14",
            Migration = "20261126155204_TwoFactors",
            PendingMigrations = 0,
            Ffmpeg = null,
        }),
        new("operator-tenants", typeof(OperatorTenantsPage), new OperatorTenantsPageModel
        {
            Frame = s_frame,
            Tenants = [new(SamplePages.Tenant, "Marsh Coaching", 48_312_004_112, 212, 7), new(Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c02"), "Quillfeather & Sons, attorneys at law", 0, 0, 1)],
            Next = SamplePages.Tenant,
            IsFirst = false,
        }),
        new("operator-tenants-none", typeof(OperatorTenantsPage), new OperatorTenantsPageModel { Frame = s_frame, Tenants = [] }),
    ];
}
