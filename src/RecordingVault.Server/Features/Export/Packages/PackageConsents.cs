using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>What one person said of one use, as it counts when the package is made.</summary>
/// <param name="Basis">What allows it where consent does not; null otherwise.</param>
internal sealed record PackedConsent(Guid Participant, Purpose Purpose, ConsentStatus Status, LawfulBasis? Basis, DateTimeOffset SaidAt);

/// <summary>Papers that another slice keeps of a recording, and that go along with it: receipts of consent. Of bytes that stay the same whenever they are written.</summary>
internal interface IPackagePapers
{
    Task<IReadOnlyList<PackageFile>> OfAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <summary>Reads what people said, for the package of one recording.</summary>
internal sealed class PackageConsents(VaultDbContext db, IEnumerable<IPackagePapers> papers)
{
    public async Task<IReadOnlyList<PackedConsent>> ReadAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await db.ConsentStates.AsNoTracking().Where(state => state.RecordingId == recordingId)
            .Join(db.ConsentRecords.AsNoTracking(), state => state.RecordId, record => record.Id, (state, record) => new PackedConsent(state.ParticipantId, state.Purpose, state.Status, record.LawfulBasis, state.SaidAt))
            .ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<PackageFile>> PapersAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        List<PackageFile> found = [];
        foreach (var source in papers)
            found.AddRange(await source.OfAsync(recordingId, cancellationToken));
        return found;
    }
}

/// <summary>
/// The lawful basis of a vCon (draft-howe-vcon-lawful-basis): an attachment for each person and basis. What was only asked, and what nobody said, is in none: a reader takes no grant as a denial.
/// </summary>
internal static class VconConsents
{
    public const string Extension = "lawful_basis";

    /// <summary>Whether a reader that does not know the extension must leave the vCon alone: where training is forbidden, and somebody's word says so too.</summary>
    public static bool IsCritical(PackageFacts facts) => facts.Tag.Rights.GenerativeTraining != UseDecision.Allowed || facts.Tag.Rights.OtherTraining != UseDecision.Allowed;

    public static IReadOnlyList<JsonNode> Attachments(PackageFacts facts)
    {
        List<JsonNode> attachments = [];
        foreach (var (party, person) in facts.Recording.Participants.Index())
        {
            var said = facts.Consents.Where(consent => consent.Participant == person.Id && consent.Status != ConsentStatus.Requested).OrderBy(consent => consent.Purpose).ToList();
            foreach (var basis in said.GroupBy(consent => consent.Status == ConsentStatus.NotNeeded ? consent.Basis : null).OrderBy(group => group.Key))
                attachments.Add(Attachment(party, basis.Key is { } other ? ConsentWords.Name(other).Replace('-', '_') : "consent", [.. basis]));
        }

        return attachments;
    }

    private static JsonObject Attachment(int party, string basis, IReadOnlyList<PackedConsent> said) => new()
    {
        ["purpose"] = Extension,
        ["start"] = PackageWords.Time(said.Max(consent => consent.SaidAt)),
        ["party"] = party,
        ["dialog"] = 0,
        ["mediatype"] = "application/json",
        ["encoding"] = "json",
        ["body"] = new JsonObject
        {
            ["lawful_basis"] = basis,
            ["expiration"] = null,
            ["purpose_grants"] = new JsonArray([.. said.Select(consent => (JsonNode)new JsonObject
            {
                ["purpose"] = consent.Purpose.Name(),
                ["granted"] = consent.Status is ConsentStatus.Given or ConsentStatus.NotNeeded,
                ["granted_at"] = PackageWords.Time(consent.SaidAt),
            })]),
        },
    };
}
