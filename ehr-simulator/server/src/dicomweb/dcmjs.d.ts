/** The part of dcmjs used here; the package brings no types of its own. */
declare module 'dcmjs' {
  /** One element of a data set, by VR; binary values are ArrayBuffers. */
  export type DicomElement = { readonly vr: string; readonly Value?: readonly unknown[] }
  export type DicomElements = Readonly<Record<string, DicomElement>>

  export const data: {
    readonly DicomDict: new (meta: DicomElements) => { dict: DicomElements; write(): ArrayBuffer }
    readonly DicomMetaDictionary: {
      /** From `{ PatientName: … }` to `{ '00100010': { vr, Value } }`. */
      denaturalizeDataset(dataset: Readonly<Record<string, unknown>>): DicomElements
    }
    readonly DicomMessage: {
      readFile(buffer: ArrayBuffer): { readonly dict: DicomElements; readonly meta: DicomElements }
    }
  }
}
