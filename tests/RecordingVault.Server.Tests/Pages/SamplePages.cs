using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>One page with a model that shows what it can show.</summary>
public sealed record SamplePage(string Name, Type Component, object Model)
{
    public override string ToString() => Name;
}

/// <summary>Every page of the product, in each of its states. What is added to the product is added here.</summary>
public static class SamplePages
{
    public static readonly Guid Tenant = Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c01");

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 13, 2, 0, TimeSpan.Zero);

    private const string HostName = "vault.marsh-coaching.example";

    public static readonly PageFrame Frame = new()
    {
        TenantName = "Marsh Coaching",
        TenantId = Tenant,
        Member = new PageMember("Helen Marsh", "Owner"),
        Antiforgery = new AntiforgeryField("__RequestVerificationToken", "sample-token"),
    };

    public static readonly PageFrame Stranger = new() { Antiforgery = Frame.Antiforgery };

    public static IEnumerable<SamplePage> All => [.. Doors, .. SamplePagesOfRecordings.All, .. SamplePagesOfApprovals.All, .. SamplePagesOfCertificates.All, .. SamplePagesOfHolds.All, .. SamplePagesOfRetention.All, .. SamplePagesOfSharing.All, .. SamplePagesOfLinks.All, .. SamplePagesOfExports.All, .. SamplePagesOfConsent.All, .. SamplePagesOfAsking.All, .. SamplePagesOfContacts.All, .. SamplePagesOfDue.All, .. SamplePagesOfAudit.All, .. SamplePagesOfOperators.All, .. SamplePagesOfTokens.All, .. SamplePagesOfRecovery.All, .. SamplePagesOfPeople.All, .. SamplePagesOfSettings.All, .. Errors];

    private static IEnumerable<SamplePage> Doors =>
    [
        new("setup", typeof(SetupPage), new SetupPageModel { Frame = Stranger, HostName = HostName }),
        new("setup-refused", typeof(SetupPage), new SetupPageModel
        {
            Frame = Stranger,
            HostName = HostName,
            Secret = "a-secret-that-was-sent",
            Name = "Helen Marsh",
            Email = "helen@marsh-coaching.example",
            Errors = new SetupErrors { Password = "This password is on the list of stolen ones. Choose another." },
        }),
        new("setup-wrong-secret", typeof(SetupPage), new SetupPageModel { Frame = Stranger, HostName = HostName, State = SetupState.WrongSecret }),
        new("setup-finished", typeof(SetupPage), new SetupPageModel { Frame = Stranger, HostName = HostName, State = SetupState.Finished }),
        new("setup-done", typeof(SetupDonePage), new SetupDonePageModel(Frame, HostName, "Marsh Coaching", "/srv/vault/data/root.key")),
        new("setup-done-no-file", typeof(SetupDonePage), new SetupDonePageModel(Frame, HostName, "Marsh Coaching", null)),
        new("signin", typeof(SignInPage), new SignInPageModel { Frame = Stranger, HostName = HostName, ReturnTo = "/upload", SignedOut = true, TakesPasskeys = true }),
        new("signin-wrong", typeof(SignInPage), new SignInPageModel { Frame = Stranger, HostName = HostName, Email = "helen@marsh-coaching.example", Failure = SignInFailure.WrongEmailOrPassword }),
        new("signin-throttled", typeof(SignInPage), new SignInPageModel { Frame = Stranger, HostName = HostName, Failure = SignInFailure.TooManyTries, NextTryAt = Now.AddMinutes(4) }),
        new("needs-https", typeof(NeedsHttpsPage), new NeedsHttpsPageModel(Stranger, HostName)),
        new("wrong-name", typeof(NeedsHttpsPage), new NeedsHttpsPageModel(Stranger, "other.example") { IsHttps = true, PublicRoot = "https://" + HostName }),
        new("signin-again", typeof(SignInAgainPage), new SignInAgainPageModel { Frame = Stranger, HostName = HostName, Name = "Helen Marsh", ReturnTo = "/upload", TakesPasskeys = true }),
        new("signin-again-wrong", typeof(SignInAgainPage), new SignInAgainPageModel { Frame = Stranger, HostName = HostName, Name = "Helen Marsh", ReturnTo = "/upload", Error = "This is not your password." }),
        new("signin-again-passkey", typeof(SignInAgainPage), new SignInAgainPageModel { Frame = Stranger, HostName = HostName, Name = "Helen Marsh", ReturnTo = "/upload", Second = SecondStepNeed.Passkey, TakesPasskeys = true }),
        new("signin-again-code", typeof(SignInAgainPage), new SignInAgainPageModel { Frame = Stranger, HostName = HostName, Name = "Helen Marsh", ReturnTo = "/upload", Second = SecondStepNeed.Code, CodeError = "This code is not right, or it was used before. Wait for the next one." }),
        new("password", typeof(PasswordPage), new PasswordPageModel { Frame = Frame, HostName = HostName, MustChange = true }),
        new("password-refused", typeof(PasswordPage), new PasswordPageModel { Frame = Frame, HostName = HostName, CurrentPasswordError = "That is not your password.", NewPasswordError = "Too short. Use 12 characters or more." }),
    ];

    private static IEnumerable<SamplePage> Errors =>
    [
        .. Enum.GetValues<PageError>().Select(error => new SamplePage($"error-{error}", typeof(ErrorPage), new ErrorPageModel(Frame, error, "7K2M-41D0"))),
    ];
}
