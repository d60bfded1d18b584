using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

internal static class SamplePagesOfRecovery
{
    private const string Link = "AZrWPkX0cfqJm6QbYx3d7w.7Qe1uM0yB4m7Qe1uM0yB4m7Qe1uM0yB4m7Qe1uM0yB4";

    private static readonly PageFrame German = SamplePages.Stranger with { Culture = PublicTexts.German };

    private static readonly PageFrame Warned = SamplePages.Frame with
    {
        Banner = new PageBanner("Your second factor is to be taken off.", "It happens on 27 November at 09:00 UTC. If you still have it, keep it.", "/settings/second-factor/keep", "Keep my second factor"),
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("forgotten", typeof(ForgottenPage), new ForgottenPageModel { Frame = SamplePages.Stranger, CanMail = true }),
        new("forgotten-german", typeof(ForgottenPage), new ForgottenPageModel { Frame = German, CanMail = true, Email = "helen", IsNoAddress = true }),
        new("forgotten-throttled", typeof(ForgottenPage), new ForgottenPageModel { Frame = SamplePages.Stranger, CanMail = true, Email = "helen@example.com", NextTryAt = SamplePages.Now.AddMinutes(4) }),
        new("forgotten-taken", typeof(ForgottenPage), new ForgottenPageModel { Frame = SamplePages.Stranger, CanMail = true, IsTaken = true }),
        new("forgotten-no-mail", typeof(ForgottenPage), new ForgottenPageModel { Frame = German, CanMail = false }),
        new("reset", typeof(ResetPage), new ResetPageModel { Frame = SamplePages.Stranger }),
        new("reset-refused", typeof(ResetPage), new ResetPageModel { Frame = German, Link = Link, Complaint = "Ein Passwort hat mindestens 10 Zeichen. Vier ungewöhnliche Wörter sind gut." }),
        new("reset-ended", typeof(ResetPage), new ResetPageModel { Frame = SamplePages.Stranger, State = ResetState.Ended }),
        new("reset-done", typeof(ResetPage), new ResetPageModel { Frame = German, State = ResetState.Done }),
        .. Enum.GetValues<ResetState>().Select(state => new SamplePage($"return-{state}", typeof(ReturnPage), new ReturnPageModel { Frame = state is ResetState.Done ? German : SamplePages.Stranger, State = state })),
        .. Enum.GetValues<AddressState>().Select(state => new SamplePage($"address-{state}", typeof(AddressLinkPage), new AddressLinkPageModel(SamplePages.Stranger, state))),
        .. Enum.GetValues<RemovalState>().Select(state => new SamplePage($"removal-{state}", typeof(RemovalPage), new RemovalPageModel(German, state))),
        new("address", typeof(AddressPage), new AddressPageModel { Frame = SamplePages.Frame, Email = "helen@example.com", CanMail = true }),
        new("address-open", typeof(AddressPage), new AddressPageModel
        {
            Frame = Warned,
            Email = "helen@example.com",
            CanMail = true,
            Open = new OpenAddressChange("helen@marsh.example", NewAgreed: true, OldAgreed: false, SamplePages.Now.AddDays(6)),
            Error = "This is your address already.",
            Wanted = "helen@example.com",
        }),
        new("address-undelivered", typeof(AddressPage), new AddressPageModel
        {
            Frame = SamplePages.Frame,
            Email = "helen@example.com",
            CanMail = true,
            Open = new OpenAddressChange("helen@marsh.example", NewAgreed: false, OldAgreed: true, SamplePages.Now.AddDays(6)) { NewFailure = "The mail server refused this address. It is not tried again." },
        }),
        new("address-no-mail", typeof(AddressPage), new AddressPageModel { Frame = SamplePages.Frame, Email = "helen@example.com", CanMail = false }),
        new("member-reset-link", typeof(MemberRecoveryPage), new MemberRecoveryPageModel { Frame = SamplePages.Frame, Name = "Ben Okafor", Url = "https://vault.example/reset#" + Link, Until = SamplePages.Now.AddHours(1) }),
        new("member-removal", typeof(MemberRecoveryPage), new MemberRecoveryPageModel { Frame = SamplePages.Frame, Name = "Ben Okafor", Until = SamplePages.Now.AddDays(1) }),
        new("member-removal-undelivered", typeof(MemberRecoveryPage), new MemberRecoveryPageModel { Frame = SamplePages.Frame, Name = "Ben Okafor", Until = SamplePages.Now.AddDays(1), MailFailure = "The mail server refused this address. It is not tried again." }),
        new("member-recovery-refused", typeof(MemberRecoveryPage), new MemberRecoveryPageModel { Frame = SamplePages.Frame, Name = "Ben Okafor", Refusal = "This account has a higher role than you." }),
    ];
}
