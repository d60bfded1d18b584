using System.Xml.Linq;

namespace RecordingVault.Marks.Xmp;

internal static class XmpNames
{
    public static readonly XNamespace Meta = "adobe:ns:meta/";
    public static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    public static readonly XNamespace Plus = "http://ns.useplus.org/ldf/xmp/1.0/";
    public static readonly XNamespace Rights = "http://ns.adobe.com/xap/1.0/rights/";

    /// <summary>As TDMRep names it in the XMP of a PDF; in other files it is an extension that nobody minds.</summary>
    public static readonly XNamespace Tdm = "http://www.w3.org/ns/tdmrep/";

    public static readonly XName DataMining = Plus + "DataMining";
    public static readonly XName OtherConstraints = Plus + "OtherConstraints";
    public static readonly XName Marked = Rights + "Marked";
    public static readonly XName UsageTerms = Rights + "UsageTerms";
    public static readonly XName WebStatement = Rights + "WebStatement";
    public static readonly XName Reservation = Tdm + "reservation";
}
