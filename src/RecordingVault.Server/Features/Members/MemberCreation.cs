using System.Globalization;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Members;

/// <summary>A person who gets an account.</summary>
internal sealed record NewMember(string Email, string Name, string Password)
{
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Of the mails to him: en or de.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The password came from somebody else: the first sign-in asks for an own one.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Whoever makes the account reads the mail of its address, or the operator says whose it is. False where others saw the link that it is made by.</summary>
    public bool IsAddressProved { get; init; }

    /// <param name="tenantName">Of the tenant that he is made for: a password that leans on it is tried first.</param>
    /// <param name="language">In which the rule for passwords answers; English where none is given.</param>
    public FieldError? Check(string tenantName, CultureInfo? language = null) =>
        MemberRules.CheckName(Name) ?? MemberRules.CheckEmail(Email) ?? MemberRules.CheckPassword(language ?? PublicTexts.English, Password, Name, Email, tenantName);
}

/// <summary>Makes accounts, and ties them to the scope's tenant.</summary>
internal sealed class MemberCreation(VaultDbContext db, UserManager<Member> accounts, VaultKeyring keyring, AuditLog audit, TimeProvider time)
{
    public static readonly FieldError AddressTaken = new("email", "Somebody with this address has an account in this vault already.");

    /// <summary>Makes the account in the running transaction, without a tenant; null means done.</summary>
    /// <exception cref="InvalidOperationException">Identity refuses what <see cref="NewMember.Check"/> let through.</exception>
    public async Task<FieldError?> AddAccountAsync(NewMember wanted)
    {
        var member = new Member
        {
            Id = wanted.Id,
            UserName = wanted.Email,
            Email = wanted.Email,
            EmailConfirmed = wanted.IsAddressProved,
            DisplayName = SealedText.Seal(keyring.Vault, Guid.Empty, wanted.Id, Member.NameColumn, wanted.Name.Trim()),
            CreatedAt = time.Now(),
            Language = wanted.Language,
            MustChangePassword = wanted.MustChangePassword,
        };
        var result = await accounts.CreateAsync(member, wanted.Password);
        if (result.Succeeded)
            return null;
        if (result.Errors.Any(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal)))
            return AddressTaken;
        throw new InvalidOperationException("Identity refused an account that passed our checks: " + string.Join(", ", result.Errors.Select(error => error.Code)));
    }

    /// <summary>Makes the account a member of the scope's tenant, in the running transaction; the caller saves and commits.</summary>
    public async Task JoinAsync(Guid memberId, Role role, Actor actor, CancellationToken cancellationToken)
    {
        db.Memberships.Add(new Membership { TenantId = db.TenantId, Id = Guid.CreateVersion7(), MemberId = memberId, Role = role, CreatedAt = time.Now() });
        await audit.AppendAsync(new AuditEntry("member.created", actor, AuditTargetKind.Member, memberId) { ChangesPermission = true, Fields = [("role", role.ToString())] }, cancellationToken);
    }
}
