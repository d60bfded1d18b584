using System.Globalization;
using System.Security.Cryptography;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.C2pa;

/// <summary>What a manifest says beside the tag, which it takes from the words that stand in the same file: both always say the same.</summary>
/// <param name="Id">Of this manifest; a copy for another recipient has another.</param>
/// <param name="MediaType">Of the file that was marked.</param>
/// <param name="Generator">Name and version of the program, as <c>RecordingVault/0.1.0</c>.</param>
public sealed record C2paMark(Guid Id, string MediaType, string Generator)
{
    /// <summary>Whether not a byte of the file was changed for its mark: then no edit is claimed.</summary>
    public bool IsUnchanged { get; init; }
}

/// <summary>
/// A manifest store (C2PA 2.2) with one manifest: the file was opened and, where its mark stands in it, its metadata edited; what machines may do with it (CAWG Training and Data Mining 1.1),
/// and a hard binding to every byte. All assertions are in <c>created_assertions</c>: whoever signs says them himself.
/// </summary>
internal static class C2paManifest
{
    public const string TrainingMining = "cawg.training-mining";
    private const string Algorithm = "sha256", Ingredient = "c2pa.ingredient.v3", Actions = "c2pa.actions.v2";

    private sealed record Assertion(string Label, byte[] Body);

    /// <param name="tag">Its decisions become the entries of <c>cawg.training-mining</c>.</param>
    /// <param name="mark">What else it says.</param>
    /// <param name="bindingLabel">As <c>c2pa.hash.bmff.v3</c>.</param>
    /// <param name="binding">The hard binding as CBOR.</param>
    /// <param name="signer">Signs the claim.</param>
    /// <param name="earlier">The manifests that the file had, the last one active: they are carried on, and the active one is the ingredient that was opened.</param>
    public static byte[] Write(UsageTag tag, C2paMark mark, string bindingLabel, byte[] binding, C2paSigner signer, IReadOnlyList<(string Label, byte[] Body)> earlier)
    {
        var ingredient = Make(Ingredient, [("dc:format", mark.MediaType), ("relationship", "parentOf"), .. earlier.TakeLast(1).SelectMany(Active)]);
        Assertion[] assertions =
        [
            ingredient,
            Make(Actions, [("actions", (object[])
            [
                Map([("action", "c2pa.opened"), ("parameters", Map([("ingredients", new object[] { Reference(ingredient) })]))]),
                .. mark.IsUnchanged ? Array.Empty<object>() : [Map([("action", "c2pa.edited.metadata")])],
            ])]),
            Make(TrainingMining, [("entries", Map([.. CawgEntries.Of(tag).Select(entry => (entry.Label, (object?)Map([("use", entry.Use), ("constraint_info", entry.Constraint)])))]))]),
            new(bindingLabel, Jumbf.Body(Jumbf.Cbor, bindingLabel, Jumbf.Box("cbor", binding))),
        ];
        var generator = mark.Generator.Split('/', 2);
        var claim = CborMaps.Encode(Map(
        [
            ("instanceID", $"xmp:iid:{mark.Id.ToString("D", CultureInfo.InvariantCulture)}"),
            ("claim_generator_info", Map([("name", generator[0]), ("version", generator.ElementAtOrDefault(1))])),
            ("signature", "self#jumbf=c2pa.signature"),
            ("created_assertions", assertions.Select(assertion => (object)Reference(assertion)).ToArray()),
            ("alg", Algorithm),
        ]));
        var manifest = Jumbf.Body(Jumbf.Manifest, $"urn:c2pa:{mark.Id.ToString("D", CultureInfo.InvariantCulture)}",
            Jumbf.Superbox(Jumbf.Body(Jumbf.Assertions, "c2pa.assertions", assertions.Select(assertion => Jumbf.Superbox(assertion.Body)))),
            Jumbf.Superbox(Jumbf.Body(Jumbf.Claim, "c2pa.claim.v2", Jumbf.Box("cbor", claim))),
            Jumbf.Superbox(Jumbf.Body(Jumbf.Signature, "c2pa.signature", Jumbf.Box("cbor", signer.Sign(claim)))));
        return Jumbf.Superbox(Jumbf.Body(Jumbf.Store, "c2pa", [.. earlier.Select(other => Jumbf.Superbox(other.Body)), Jumbf.Superbox(manifest)]));
    }

    /// <summary>Which manifest was active. Nobody here checks it, and the empty lists say so: whoever reads ours checks that one too.</summary>
    private static IEnumerable<(string, object?)> Active((string Label, byte[] Body) manifest)
    {
        var nothing = Map([("success", Array.Empty<object>()), ("informational", Array.Empty<object>()), ("failure", Array.Empty<object>())]);
        yield return ("validationResults", Map([("activeManifest", nothing)]));
        yield return ("activeManifest", Map([("url", $"self#jumbf=/c2pa/{manifest.Label}"), ("hash", SHA256.HashData(manifest.Body))]));
        foreach (var signature in (Jumbf.Inside(manifest.Body, "c2pa.signature") ?? []).Take(1))
            yield return ("claimSignature", Map([("url", $"self#jumbf=/c2pa/{manifest.Label}/c2pa.signature"), ("hash", SHA256.HashData(signature.Span))]));
    }

    private static Assertion Make(string label, IReadOnlyList<(string, object?)> members) => new(label, Jumbf.Body(Jumbf.Cbor, label, Jumbf.Box("cbor", CborMaps.Encode(members))));

    private static IReadOnlyList<(string, object?)> Reference(Assertion assertion) =>
        [("url", $"self#jumbf=c2pa.assertions/{assertion.Label}"), ("hash", SHA256.HashData(assertion.Body))];

    private static IReadOnlyList<(string, object?)> Map(IReadOnlyList<(string, object?)> members) => members;
}
