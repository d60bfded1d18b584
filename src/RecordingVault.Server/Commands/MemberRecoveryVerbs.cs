using System.CommandLine;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recovery;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Commands;

/// <summary>
/// `member reset`, `member address`, `member second-factor`: the operator's ways to help a member back in where nobody of his tenants may, or no mail can. Each is an
/// event in the log of every tenant of his, with the operator as actor.
/// </summary>
internal static class MemberRecoveryVerbs
{
    public static Command Reset()
    {
        var email = Email();
        var command = new Command("reset", "Make a link by which a member chooses a new password: good once and for an hour. Prints it alone on the last line.") { email };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => ResetAsync(vault, parsed.GetRequiredValue(email), cancellationToken), cancellationToken));
        return command;
    }

    public static Command Address()
    {
        var email = Email();
        var wanted = new Option<string>("--new") { Description = "The address that takes its place.", Required = true };
        var command = new Command("address", "Change a member's address at once; all his sessions end.") { email, wanted };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(
            vault => ChangeAddressAsync(vault, parsed.GetRequiredValue(email), parsed.GetRequiredValue(wanted).Trim(), cancellationToken), cancellationToken));
        return command;
    }

    public static Command SecondFactor()
    {
        var email = Email();
        var command = new Command("second-factor", "Ask for a member's lost second factor to be taken off. He is told at once and has a day to stop it.") { email };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => RemoveAsync(vault, parsed.GetRequiredValue(email), cancellationToken), cancellationToken));
        return command;
    }

    private static Option<string> Email() => new("--email") { Description = "The address with which the member signs in.", Required = true };

    private static async Task ResetAsync(OpenedVault vault, string email, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        var member = await FindAsync(scope.ServiceProvider, email, cancellationToken);
        if (await scope.ServiceProvider.GetRequiredService<ResetLinks>().MakeAsync(member, madeBy: null, TenantVerbs.Operator, cancellationToken) is not var (link, endsAt))
            throw new VerbRefusedException("The account was changed meanwhile. Try again.");
        var root = scope.ServiceProvider.GetRequiredService<PublicAddress>().ConfiguredRoot;
        if (root is null)
            Console.WriteLine("Vault__PublicUrl is not set, so the link is for a browser on this machine. If the server was started with another address (--urls), put that one in front of /reset.");
        Console.WriteLine($"Good once, until {endsAt:yyyy-MM-dd HH:mm} UTC. Hand it to the member and to nobody else: whoever opens it chooses the password.");
        Console.WriteLine($"{root ?? ListenerAddresses.Of(vault.Configuration)[0].TrimEnd('/')}{ResetPassword.Path}#{link}");
    }

    private static async Task ChangeAddressAsync(OpenedVault vault, string email, string wanted, CancellationToken cancellationToken)
    {
        if (MemberRules.CheckEmail(wanted) is { } wrong)
            throw new VerbRefusedException($"--new: {wrong.Sentence}");
        await using var scope = vault.Services.CreateAsyncScope();
        var member = await FindAsync(scope.ServiceProvider, email, cancellationToken);
        if (!await scope.ServiceProvider.GetRequiredService<AddressTaking>().TakeAsync(member, wanted, TenantVerbs.Operator, cancellationToken))
        {
            await TenantVerb.TellEachAsync(vault.Services, member.Id, "member address", AuditOutcome.Refused, cancellationToken);
            throw new VerbRefusedException($"--new: {wanted} belongs to another account of this vault.");
        }

        Console.WriteLine($"Done: the member signs in with {wanted} now. All sessions have ended.");
    }

    private static async Task RemoveAsync(OpenedVault vault, string email, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        var member = await FindAsync(scope.ServiceProvider, email, cancellationToken);
        var host = scope.ServiceProvider.GetRequiredService<PublicAddress>().ConfiguredRoot ?? "this vault";
        var wasAsked = await scope.ServiceProvider.GetRequiredService<FactorRemovals>().FindAsync(member.Id, cancellationToken) is not null;
        var (dueAt, refusal) = await scope.ServiceProvider.GetRequiredService<FactorRemovals>()
            .AskAsync(member, askedBy: null, new RemovalAsker(new MailTexts(MailTexts.Language(member.Language))["Removal.Operator"], host), TenantVerbs.Operator, cancellationToken);
        // Whoever runs the machine has learnt whether there is a second factor, or when it comes off.
        if (wasAsked || refusal is not null)
            await TenantVerb.TellEachAsync(vault.Services, member.Id, "member second-factor", refusal is null ? AuditOutcome.Allowed : AuditOutcome.Refused, cancellationToken);
        if (refusal is not null)
            throw new VerbRefusedException(refusal.Title);
        Console.WriteLine($"It comes off on {dueAt:yyyy-MM-dd HH:mm} UTC, unless the member stops it.");
    }

    private static async Task<Member> FindAsync(IServiceProvider services, string email, CancellationToken cancellationToken)
    {
        var member = await services.GetRequiredService<MemberDirectory>().FindAsync(email.Trim(), cancellationToken) ?? throw new VerbRefusedException($"Nobody signs in with {email} here.");
        if ((await services.GetRequiredService<MemberTenants>().ListAsync(member.Id, cancellationToken)).Count == 0)
            throw new VerbRefusedException($"{email} belongs to no tenant any more.");
        return member;
    }
}
