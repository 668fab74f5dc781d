/**
 * Libraries whose convention a rule can follow, the default first: `adam({ compat: "keras" })`. A rule's file has
 * what differs as data, with the library's own default hyper-parameters. Their bugs are not reproduced.
 */
export const libraries = ["torch", "optax", "keras", "tfjs"] as const;
