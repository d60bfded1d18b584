using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Features.Sessions;
using RecordingVault.Server.Features.Settings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Features.UsageTags.DataUse;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>The pages on which a member arranges his account.</summary>
internal static class SamplePagesOfSettings
{
    private static DataUsePageModel DataUse => new()
    {
        Frame = SamplePages.Stranger with { TenantName = "Marsh Coaching <b>" },
        Name = "Marsh Coaching <b>",
        Tag = "constrained",
        Statement = "No AI training. Other use by machines only as the owner has agreed with you.",
        NeedConsent = ["inference", "mining"],
        Versions = [new(3, SamplePages.Now, "constrained", "no-tdm", ["inference"], ["search"]), new(2, SamplePages.Now.AddDays(-9), "no-tdm", null, [], ["other-training"]), new(1, SamplePages.Now.AddDays(-90), "no-tdm", null, [], [])],
    };

    private static UsagePolicyPageModel UsePolicy => new()
    {
        Frame = SamplePages.Frame,
        Tag = "no-tdm",
        NeedConsent = ["generative-training", "inference"],
        MayChange = true,
        Processors = [new(new Guid("0192f000-0000-7000-8000-0000000000aa"), "Scribe & Sons", new DateTimeOffset(2026, 11, 3, 9, 0, 0, TimeSpan.Zero))],
        Tags = [new("no-tdm", "Confidential. No AI training, no text and data mining."), new("allowed", "AI training and data mining are allowed.")],
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("profile", typeof(ProfilePage), Profile),
        new("profile-saved", typeof(ProfilePage), Profile with { Language = "de", IsSaved = true }),
        new("profile-refused", typeof(ProfilePage), Profile with { Name = "", NameError = "Say your name, as others in the organisation know you." }),
        new("use-policy", typeof(UsagePolicyPage), UsePolicy),
        new("use-policy-owner", typeof(UsagePolicyPage), UsePolicy with { MayDecideApproval = true, Approval = true }),
        new("use-policy-refused", typeof(UsagePolicyPage), UsePolicy with { Tag = "allowed", NeedConsent = [], Reason = "All agreed. <b>", ReasonError = "Say in at most 500 characters why.", Error = "Sign in again.", NeedsSignIn = true }),
        new("use-policy-read", typeof(UsagePolicyPage), UsePolicy with { MayChange = false }),
        new("data-use", typeof(DataUsePage), DataUse),
        new("data-use-de", typeof(DataUsePage), DataUse with { Frame = DataUse.Frame with { Culture = PublicTexts.German }, NeedConsent = [] }),
        new("security", typeof(SecurityPage), Security),
        new("security-new", typeof(SecurityPage), Security with
        {
            Passkeys = Security.Passkeys with { Passkeys = [] },
            Sessions = Security.Sessions with { Sessions = [.. Security.Sessions.Sessions.Take(1)] },
        }),
        new("security-by-another-name", typeof(SecurityPage), Security with { Passkeys = Security.Passkeys with { CanAdd = false } }),
        new("security-two-factors", typeof(SecurityPage), Security with { Factors = new FactorsPartModel { Frame = SamplePages.Frame, HasAuthenticator = true, HasPasskey = true, RecoveryCodesLeft = 9 } }),
        new("security-last-factor", typeof(SecurityPage), Security with { Factors = new FactorsPartModel { Frame = SamplePages.Frame, HasAuthenticator = true, RecoveryCodesLeft = 1, MustKeep = true } }),
        new("authenticator", typeof(AuthenticatorPage), Authenticator),
        new("authenticator-wrong", typeof(AuthenticatorPage), Authenticator with { IsReplacing = true, Error = "This code does not fit. Look whether the clocks of app and server agree, and take the next one." }),
        new("recovery-codes", typeof(RecoveryCodesPage), new RecoveryCodesPageModel
        {
            Frame = SamplePages.Frame,
            HostName = HostName,
            Codes = [.. Enumerable.Range(0, 10).Select(number => RecoveryCodeText.Show([.. Enumerable.Repeat((byte)(number * 23), 10)]))],
            IsAuthenticatorNew = true,
        }),
        new("signin-code", typeof(SignInCodePage), new SignInCodePageModel { Frame = SamplePages.Stranger, HostName = HostName }),
        new("signin-code-passkey", typeof(SignInCodePage), new SignInCodePageModel { Frame = SamplePages.Stranger, HostName = HostName, HasAuthenticator = false, HasPasskey = true, TakesPasskeys = true }),
        new("signin-code-passkey-elsewhere", typeof(SignInCodePage), new SignInCodePageModel { Frame = SamplePages.Stranger, HostName = HostName, HasAuthenticator = false, HasPasskey = true, Error = "Too many tries. You can try again after 09:05:00 UTC." }),
        new("signin-code-both", typeof(SignInCodePage), new SignInCodePageModel { Frame = SamplePages.Stranger, HostName = HostName, HasPasskey = true, TakesPasskeys = true }),
        new("signin-code-recovery", typeof(SignInCodePage), new SignInCodePageModel { Frame = SamplePages.Stranger, HostName = HostName, IsRecovery = true, Error = "This is none of your recovery codes, or it was used before." }),
        new("two-factors-needed", typeof(TwoFactorsNeededPage), new TwoFactorsNeededPageModel { Frame = SamplePages.Frame, HostName = HostName, TenantName = "Marsh Coaching" }),
        new("two-factors-needed-shown", typeof(TwoFactorsNeededPage), new TwoFactorsNeededPageModel { Frame = SamplePages.Frame, HostName = HostName, TenantName = "Marsh Coaching", HasSecond = true }),
    ];

    private const string HostName = "vault.marsh-coaching.example";

    private static AuthenticatorPageModel Authenticator => new()
    {
        Frame = SamplePages.Frame,
        HostName = HostName,
        SealedSeed = "as-the-vault-sealed-it",
        SeedText = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        SetupUri = TimeCode.SetupUri("RecordingVault", "helen@marsh-coaching.example", new byte[TimeCode.SeedLength]),
    };

    private static SecurityPageModel Security => new()
    {
        Frame = SamplePages.Frame,
        Factors = new FactorsPartModel { Frame = SamplePages.Frame },
        Passkeys = new PasskeysPartModel
        {
            Frame = SamplePages.Frame,
            Passkeys =
            [
                new(Guid.Parse("018f0000-0000-7000-8000-000000000031"), "Phone", SamplePages.Now.AddDays(-40), SamplePages.Now.AddHours(-2)),
                new(Guid.Parse("018f0000-0000-7000-8000-000000000032"), "Key on my ring", SamplePages.Now.AddDays(-3), null),
            ],
        },
        Sessions = new SessionsPartModel
        {
            Frame = SamplePages.Frame,
            Sessions =
            [
                new(Guid.Parse("018f0000-0000-7000-8000-000000000041"), "Firefox on Linux", SamplePages.Now.AddHours(-1), SamplePages.Now, "two-factors") { IsCurrent = true, Address = "203.0.113.7" },
                new(Guid.Parse("018f0000-0000-7000-8000-000000000042"), "Safari on an iPhone", SamplePages.Now.AddDays(-2), SamplePages.Now.AddHours(-3), "passkey") { Address = "2001:db8::7", IsInAnotherTenant = true },
                new(Guid.Parse("018f0000-0000-7000-8000-000000000043"), "A program that did not say which", SamplePages.Now.AddDays(-1), SamplePages.Now.AddHours(-9), "password"),
            ],
        },
    };

    private static ProfilePageModel Profile => new() { Frame = SamplePages.Frame, Name = "Helen Marsh", Email = "helen@marsh-coaching.example", Language = "en" };
}
