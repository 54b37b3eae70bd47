/** JSON as a client of another house reads it: without our types. A wrong path fails the test that takes it. */
// oxlint-disable-next-line typescript/no-explicit-any -- what these tests check is exactly what no type of ours may assure
export type Loose = any
