using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Commands;

/// <summary>`token create`: an API token for scripts; the token stands alone on the last line.</summary>
internal static class TokenVerbs
{
    private const string None = "none";

    private sealed record Wanted(string Email, string Tenant, string Name, Role? Role, int Days, IReadOnlyList<string>? Purposes);

    public static Command Create()
    {
        var member = new Option<string>("--member") { Description = "The member's address.", Required = true };
        var tenant = new Option<string>("--tenant") { Description = "Name or id of the tenant.", Required = true };
        var name = new Option<string>("--name") { Description = "What the token is for.", Required = true };
        var role = new Option<Role?>("--role") { Description = "No higher than the member's; otherwise Contributor, or the member's where that is lower." };
        role.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<Role>());
        var days = new Option<int>("--days") { Description = "How long it lasts, at most 365.", DefaultValueFactory = _ => NewToken.UsualDays };
        var purpose = new Option<string[]>("--purpose") { Description = $"What content may leave for by it: {string.Join(", ", TokenPurposes.All)}, or none; may be given several times. Without it: to be watched and downloaded.", AllowMultipleArgumentsPerToken = true };
        purpose.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. TokenPurposes.All, None]);
        var command = new Command("create", "Make an API token; prints it alone on the last line.") { member, tenant, name, role, days, purpose };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(
            vault => CreateAsync(
                vault,
                new Wanted(parsed.GetRequiredValue(member), parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(name), parsed.GetValue(role), parsed.GetValue(days), Purposes(parsed.GetValue(purpose))),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static Task CreateAsync(OpenedVault vault, Wanted wanted, CancellationToken cancellationToken) =>
        TenantVerb.RunAsync(vault, wanted.Tenant, "token create", services => CreateAsync(services, wanted, cancellationToken), cancellationToken);

    private static async Task CreateAsync(IServiceProvider services, Wanted wanted, CancellationToken cancellationToken)
    {
        var member = await services.GetRequiredService<MemberDirectory>().FindCredentialsAsync(wanted.Email, cancellationToken);
        var membership = member is null ? null : await services.GetRequiredService<VaultDbContext>().Memberships.AsNoTracking()
            .SingleOrDefaultAsync(row => row.MemberId == member.MemberId && row.EndedAt == null, cancellationToken);
        if (member is null)
            throw new VerbRefusedException($"Nobody signs in with {wanted.Email} here. Make the account first: member create --email {wanted.Email} --tenant \"{wanted.Tenant}\" --role Contributor");
        if (membership is null)
            throw new VerbRefusedException($"{wanted.Email} has an account, but does not belong to \"{wanted.Tenant}\". An Owner or Admin there invites the address under Settings, Members; its person accepts, and then a token can be made.");

        var role = wanted.Role ?? RoleReach.Shared(Role.Contributor, membership.Role) ?? membership.Role;
        if (!membership.Role.Covers(role))
            throw new VerbRefusedException($"--role: {wanted.Email} is {membership.Role} there, and a token can't have a higher role.");
        var token = new NewToken(wanted.Name, membership.MemberId, role, wanted.Days) { Purposes = wanted.Purposes ?? TokenPurposes.Usual };
        if (token.Check() is { } wrong)
            throw new VerbRefusedException($"--{wrong.Title}");
        if (await services.GetRequiredService<TokenMaking>().MakeAsync(token, TenantVerbs.Operator, cancellationToken) is not var (made, text))
            throw new InvalidOperationException("A token of the operator has no maker that could have ended.");
        Console.WriteLine($"{role}, until {made.ExpiresAt:yyyy-MM-dd}. Keep it like a password; it is shown this once.");
        Console.WriteLine(text.Show());
    }

    /// <summary>Null where nothing was said.</summary>
    private static IReadOnlyList<string>? Purposes(string[]? words) =>
        words is not { Length: > 0 } ? null : TokenPurposes.Read(words.Where(word => !word.Equals(None, StringComparison.OrdinalIgnoreCase)));
}
