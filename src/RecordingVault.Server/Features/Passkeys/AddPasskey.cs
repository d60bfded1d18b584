using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Passkeys;

/// <param name="Name">What its owner calls it.</param>
/// <param name="Credential">As PublicKeyCredential.toJSON() writes it.</param>
internal sealed record AddPasskeyRequest(string? Name, JsonElement? Credential);

internal sealed record AddedPasskeyResponse(Guid Id, string Name, DateTimeOffset CreatedAt);

/// <summary>A member lets one of his authenticators make a passkey for this vault. What was open without it ends, and the browser that did it goes on under a new session.</summary>
internal static class AddPasskey
{
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> Ask(
        HttpContext http, PublicAddress address, MemberDirectory directory, PasskeyList list, IPasskeyHandler<Member> passkeys, PasskeyChallenges challenges, CancellationToken cancellationToken)
    {
        if (!address.TakesPasskeys(http.Request))
            return PasskeyProblems.NeedsName.ToResult();
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        if (await list.CountAsync(member.Id, cancellationToken) >= Passkey.Most)
            return PasskeyProblems.TooMany.ToResult();
        // The authenticator shows these two to its owner.
        var person = new PasskeyUserEntity { Id = member.Id.ToString(), Name = member.Email!, DisplayName = directory.NameOf(member) };
        var options = await passkeys.MakeCreationOptionsAsync(person, http);
        challenges.Ask(http, ChallengePurpose.Add, options.AttestationState ?? "");
        return TypedResults.Content(options.CreationOptionsJson, "application/json");
    }

    public static async Task<Results<Ok<AddedPasskeyResponse>, ProblemHttpResult>> Handle(
        AddPasskeyRequest request, HttpContext http, IPasskeyHandler<Member> passkeys, PasskeyChallenges challenges, PasskeyAdding adding, CancellationToken cancellationToken)
    {
        if (PasskeyName.Check(request.Name) is { } wrong)
            return Problem.Invalid("name", wrong).ToResult();
        if (PasskeyAnswer.Read(request.Credential) is not { } answer)
            return Problem.BadRequest.ToResult();
        if (await challenges.TakeAsync(http, ChallengePurpose.Add, cancellationToken) is not { } state)
            return PasskeyProblems.Over.ToResult();

        var result = await passkeys.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = answer.Json, AttestationState = state });
        if (!result.Succeeded || !result.Passkey.IsUserVerified || result.UserEntity.Id != http.User.MemberId().ToString())
            return PasskeyProblems.Refused.ToResult();
        var name = request.Name!.Trim();
        return await adding.AddAsync(result.Passkey, name, http, cancellationToken) switch
        {
            (_, { } refused) => refused.ToResult(),
            (var added, _) => TypedResults.Ok(new AddedPasskeyResponse(added!.Id, name, added.CreatedAt)),
        };
    }
}

/// <summary>What a passkey may be called.</summary>
internal static class PasskeyName
{
    public const int Longest = 60;

    /// <summary>The complaint as a sentence, or null.</summary>
    public static string? Check(string? name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > Longest || name.Any(char.IsControl) ? "say in 1 to 60 characters which device or key it is." : null;

    public static SealedText Seal(VaultKeyring keyring, Guid id, string name, string column = Passkey.NameColumn) => SealedText.Seal(keyring.Vault, Guid.Empty, id, column, name);
}

/// <summary>Adds Identity's row and ours.</summary>
internal sealed class PasskeyAdding(VaultDbContext db, OwnAccountChange changes, UserManager<Member> accounts, PasskeyList list, IServiceProvider services)
{
    private readonly VaultKeyring keyring = services.GetRequiredService<VaultKeyring>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    /// <summary>The passkey, or why it was not added.</summary>
    public async Task<(Passkey? Added, Problem? Refused)> AddAsync(UserPasskeyInfo made, string name, HttpContext http, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        var passkey = new Passkey { Id = id, MemberId = http.User.MemberId(), CredentialId = made.CredentialId, Name = PasskeyName.Seal(keyring, id, name), CreatedAt = time.Now() };
        var refused = await changes.MakeAsync(http, new WantedAccountChange("passkey.added", MemberNotice.PasskeyAdded)
        {
            // Who has just signed in and now shown the passkey has shown two factors; where one was there before, he came in with it.
            ShowsSecondFactor = true,
            ApplyAsync = async (member, cancelled) =>
            {
                // The account's row was read first and is written last: of two that are added at once over the same row, one is refused.
                if (await list.CountAsync(member.Id, cancelled) >= Passkey.Most)
                    return PasskeyProblems.TooMany;
                if (!(await accounts.AddOrUpdatePasskeyAsync(member, made)).Succeeded)
                    return Problem.ChangedMeanwhile;
                db.Passkeys.Add(passkey);
                return null;
            },
        }, cancellationToken);
        return refused is null ? (passkey, null) : (null, refused);
    }
}
