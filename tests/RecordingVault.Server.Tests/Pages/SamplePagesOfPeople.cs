using System.Globalization;
using RecordingVault.Server.Features.Joining;
using RecordingVault.Server.Features.People;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>Members, invitations, and the pages of whoever is invited.</summary>
public static class SamplePagesOfPeople
{
    private const string Refused = "The mail server refused this address. It is not tried again.";

    private static readonly string[] s_roles = ["Viewer", "Contributor", "Auditor", "Admin", "Owner"];

    private static readonly Guid s_id = Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c02");

    private static readonly MemberLine s_ben = new(s_id, "Ben Okafor", "ben@marsh-coaching.example", "Admin", SamplePages.Now.AddDays(-90), false, true);

    private static readonly MembersPageModel s_members = new()
    {
        Frame = SamplePages.Frame,
        Roles = s_roles,
        Members =
        [
            s_ben,
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c03"), "Anna-Katharina von der Hollensteiner Burgallee", "anna-katharina.von-der-hollensteiner-burgallee@long.example", "Contributor", SamplePages.Now.AddDays(-20), false, true),
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c04"), "Helen Marsh", "helen@marsh-coaching.example", "Owner", SamplePages.Now.AddDays(-300), true, true),
        ],
        Invitations =
        [
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c05"), "claire@dubois.example", "Claire Dubois", "Viewer", "open", SamplePages.Now.AddDays(6), true),
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c06"), "sam@weber.example", null, "Contributor", "expired", SamplePages.Now.AddDays(-2), true),
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c07"), "ben@marsh-coaching.example", "Ben Okafor", "Admin", "accepted", SamplePages.Now.AddDays(-84), true),
            new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c08"), "old@example.com", null, "Auditor", "revoked", SamplePages.Now.AddDays(-84), true),
        ],
    };

    private static readonly PageFrame s_viewer = SamplePages.Frame with
    {
        Member = new PageMember("Claire Dubois", "Viewer"),
        OtherTenants = [new(Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c02"), "Weber-Hollenstein und Partner, Rechtsanwälte"), new(Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c03"), "Zoo")],
    };

    private static readonly OrganisationPageModel s_organisation = new()
    {
        Frame = SamplePages.Frame,
        Id = SamplePages.Tenant,
        CreatedAt = SamplePages.Now.AddYears(-1),
        Holds = new OrganisationHoldings(1_204, 3, 1_812_000_000_000, 17, 12),
        Name = "Marsh Coaching",
        HasTwoFactors = true,
    };

    private static readonly MemberPageModel s_member = new() { Frame = SamplePages.Frame, Member = s_ben, Roles = s_roles, LiveLinks = 3, IsLastOwner = false };

    public static IEnumerable<SamplePage> All =>
    [
        new("members", typeof(MembersPage), s_members with
        {
            EarlierCursor = "abc",
            LeftLinks = [new(s_id, s_id, "Quarterly review with Anna", "Jonas Weber", "Claire Dubois", true, SamplePages.Now.AddDays(9)), new(Guid.Parse("0192f7a5-6b1e-7f0a-9a55-0d4b6f6a7c09"), s_id, "Weekly sync", "Jonas Weber", null, false, SamplePages.Now.AddDays(1))],
        }),
        new("members-made", typeof(MembersPage), s_members with { Made = new MadeInvitationLink($"https://vault.marsh-coaching.example/join#{s_id}.9f2c41d08e1b6a55c3f077ab", "claire@dubois.example", "Viewer", SamplePages.Now.AddDays(7)) }),
        new("members-mailed", typeof(MembersPage), s_members with { CanMail = true, Made = new MadeInvitationLink(null, "claire@dubois.example", "Viewer", SamplePages.Now.AddDays(7)) }),
        new("members-undelivered", typeof(MembersPage), s_members with
        {
            CanMail = true,
            Members = [s_ben with { MailFailure = Refused }, .. s_members.Members.Skip(1)],
            Invitations =
            [
                s_members.Invitations[0] with { Delivery = "failed", DeliveryFailure = Refused },
                s_members.Invitations[1] with { State = "open", Delivery = "failing", DeliveryFailure = "The vault’s mail server can’t be reached. It is tried again." },
                s_members.Invitations[2] with { State = "open", Delivery = "waiting" },
                s_members.Invitations[3] with { State = "open", Delivery = "sent" },
            ],
        }),
        new("members-refused", typeof(MembersPage), s_members with { Form = new InviteForm { Email = "ben@", EmailError = "Give an e-mail address, such as helen@example.com.", Error = "You can’t invite into a role above your own." }, Refusal = "This invitation was accepted.", Invitations = [] }),
        new("members-done", typeof(MembersPage), s_members with { Done = MembersPageDone.Removed }),
        new("member", typeof(MemberPage), s_member),
        new("member-undelivered", typeof(MemberPage), s_member with { Member = s_ben with { MailFailure = Refused } }),
        new("member-last-owner", typeof(MemberPage), s_member with { Member = s_ben with { Role = "Owner" }, IsLastOwner = true, LiveLinks = 0 }),
        new("member-refused", typeof(MemberPage), s_member with { LiveLinks = 1, Refusal = "An organisation keeps at least one owner. Make somebody else an owner first." }),
        new("organisation", typeof(OrganisationPage), s_organisation with { IsSaved = true }),
        new("organisation-refused", typeof(OrganisationPage), s_organisation with { Name = "", NameError = "Give it a name.", IsLastOwner = true, Refusal = "An organisation keeps at least one owner." }),
        new("organisation-viewer", typeof(OrganisationPage), s_organisation with { Frame = s_viewer }),
        new("error-other-tenant-left", typeof(ErrorPage), new ErrorPageModel(s_viewer, PageError.OtherTenant) { Left = s_viewer.OtherTenants[0] }),
        .. Languages.SelectMany(language => Public(SamplePages.Stranger with { Culture = language }, language.TwoLetterISOLanguageName)),
    ];

    private static CultureInfo[] Languages => [PublicTexts.English, PublicTexts.German];

    private static IEnumerable<SamplePage> Public(PageFrame frame, string language) =>
    [
        new($"join-gate-{language}", typeof(JoinGatePage), new JoinGatePageModel(frame)),
        .. Enum.GetValues<JoinRefusal>().Select(refused => new SamplePage($"join-{refused}-{language}", typeof(JoinGatePage), new JoinGatePageModel(frame, refused))),
        .. Enum.GetValues<JoinStep>().Select(step => new SamplePage($"join-{step}-{language}", typeof(JoinPage), Invitation(frame, step))),
        .. s_roles.Select(role => new SamplePage($"join-as-{role}-{language}", typeof(JoinPage), Invitation(frame, JoinStep.NewAccount) with { Role = role, InvitedBy = null, NameError = "Say your name.", PasswordError = "Choose a password." })),
    ];

    private static JoinPageModel Invitation(PageFrame frame, JoinStep step) => new()
    {
        Frame = frame with { TenantName = "Marsh Coaching" },
        Step = step,
        TenantName = "Marsh Coaching",
        Role = "Viewer",
        Email = "claire@dubois.example",
        InvitedBy = "Helen Marsh",
        Name = "Claire Dubois",
        SignedInAs = step is JoinStep.NewAccount or JoinStep.SignIn ? null : "Ben Okafor",
    };
}
